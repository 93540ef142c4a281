//! The inputs of a command: files, directories, standard input.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use blackbar::command::{Accept, FileInput, Opening, Source};
use blackbar::{Error, Name};
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

use super::output;

/// The arguments.
#[derive(clap::Args, Debug)]
#[group(skip)]
pub struct Args {
    /// Logs to read, in this order [default: -, standard input]
    ///
    /// gzip and zstd data is recognised by its content and decompressed. UTF-16 is recognised by its byte order mark.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Read all files in a directory and its subdirectories
    #[arg(short, long, help_heading = "Files")]
    recursive: bool,

    /// With -r, read only files that match GLOB, such as '*.log'; !GLOB excludes files
    #[arg(
        short,
        long = "glob",
        value_name = "GLOB",
        requires = "recursive",
        help_heading = "Files"
    )]
    globs: Vec<String>,

    /// Treat all data as text, including archives, images and files with NUL bytes
    ///
    /// Without this option, -i and scan report and skip files that are not logs, because -i would damage them. Data that
    /// is compressed in another format than gzip and zstd is an error, because secrets in it cannot be found.
    #[arg(short = 'a', long, help_heading = "Files")]
    text: bool,

    /// Accept zstd data with a window over 8 MiB, from zstd --long or --ultra; takes up to 2 GiB of memory
    #[arg(long, help_heading = "Files")]
    long_window: bool,
}

/// An input or output.
#[derive(Clone, Debug)]
pub enum Place {
    /// Standard input or output.
    Standard,
    File(PathBuf),
    /// A file below a directory that was given.
    Below {
        root: PathBuf,
        path: PathBuf,
    },
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Place {
        if path == Path::new("-") { Place::Standard } else { Place::File(path) }
    }
}

impl Place {
    pub fn open(&self, opening: &Opening) -> Result<Source<FileInput>, Error> {
        match self {
            Place::Standard => Source::stdin(opening),
            Place::File(path) => Source::open(path, opening),
            Place::Below { root, path } => Source::open_below(root, path, opening),
        }
    }

    /// The path, except of standard input and output.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Place::Standard => None,
            Place::File(path) | Place::Below { path, .. } => Some(path),
        }
    }

    /// Whether it is a pipe, a socket or a terminal, which ends only when its writer closes it.
    pub fn is_stream(&self) -> bool {
        match self {
            Place::Standard => {
                Source::stdin(&Opening::default()).is_ok_and(|source| source.id().is_none())
            }
            Place::File(path) => fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()),
            Place::Below { .. } => false,
        }
    }
}

impl Args {
    /// How the inputs are read: as `accept` says, or all as text with `--text`.
    pub fn opening(&self, accept: Accept) -> Opening {
        let accept = if self.text { Accept::Text } else { accept };
        Opening { accept, long_window: self.long_window, control: None }
    }

    /// Tells a user who started the command at a terminal without any input what it waits for.
    pub fn hint(&self) {
        if self.files.is_empty() && io::stdin().is_terminal() {
            output::say("reading from the terminal; Ctrl-D ends the input; see 'blackbar --help'");
        }
    }

    /// The inputs, with directories replaced by the files in them, sorted by name. Errors go to `report`.
    pub fn places(&self, report: &mut dyn FnMut(&Error)) -> Result<Vec<Place>, Error> {
        if self.files.is_empty() && !self.recursive {
            return Ok(vec![Place::Standard]);
        }
        if self.files.is_empty() {
            return Err(Error::Refused {
                reason: "-r needs a directory; use . for the current one".to_owned(),
            });
        }
        let mut places = Vec::new();
        for path in &self.files {
            if self.recursive && path.is_dir() {
                self.walk(path, &mut places, report)?;
            } else {
                places.push(Place::from(path.clone()));
            }
        }
        Ok(places)
    }

    fn walk(
        &self,
        directory: &Path,
        places: &mut Vec<Place>,
        report: &mut dyn FnMut(&Error),
    ) -> Result<(), Error> {
        // No file is skipped implicitly: a log that some .gitignore excludes contains secrets too.
        let walk = WalkBuilder::new(directory)
            .standard_filters(false)
            .overrides(self.overrides(directory)?)
            .sort_by_file_name(Ord::cmp)
            .build();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    places
                        .push(Place::Below { root: directory.to_owned(), path: entry.into_path() });
                }
                // Directories are entered. Links, pipes and devices are not files of the directory.
                Ok(_) => {}
                Err(error) => {
                    let path = match &error {
                        ignore::Error::WithDepth { err, .. } => match &**err {
                            ignore::Error::WithPath { path, .. } => path.clone(),
                            _ => directory.to_owned(),
                        },
                        _ => directory.to_owned(),
                    };
                    let source =
                        error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    report(&Error::Open { name: Name::path(&path), source });
                }
            }
        }
        Ok(())
    }

    fn overrides(&self, directory: &Path) -> Result<Override, Error> {
        let refused = |glob: &str| Error::Refused {
            reason: format!("--glob {glob}: invalid glob; * matches any text, as in '*.log'"),
        };
        let mut builder = OverrideBuilder::new(directory);
        for glob in &self.globs {
            builder.add(glob).map_err(|_| refused(glob))?;
        }
        builder.build().map_err(|_| refused(&self.globs.join(" ")))
    }
}
