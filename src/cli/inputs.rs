//! The inputs that a command is given: files, directories, standard input.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use blackbar::command::{Accept, FileInput, Opening, Source};
use blackbar::{Error, Name};
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

use super::output;

/// What may be typed.
#[derive(clap::Args, Debug)]
#[group(skip)]
pub struct Args {
    /// Logs, one after another; - is standard input, and so is no FILE at all
    ///
    /// What is compressed with gzip or zstd is recognised by its content, and read as what it holds. So is UTF-16, if it
    /// begins with a byte order mark.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Take the files in a directory, and in those below it
    #[arg(short, long, help_heading = "Files")]
    recursive: bool,

    /// Of a directory take only files that match GLOB, as in '*.log'; with ! before it, only others
    #[arg(
        short,
        long = "glob",
        value_name = "GLOB",
        requires = "recursive",
        help_heading = "Files"
    )]
    globs: Vec<String>,

    /// Treat as text what looks like something else: archives, images, files with NUL bytes
    ///
    /// Without it, -i and scan report files that are not logs and skip them: -i would damage them. Data that is compressed
    /// by anything but gzip and zstd is refused everywhere, since secrets in it cannot be seen.
    #[arg(short = 'a', long, help_heading = "Files")]
    text: bool,

    /// Decode zstd data whose window is larger than 8 MiB, as zstd --long and --ultra write it; this takes up to 2 GiB
    /// of memory
    #[arg(long, help_heading = "Files")]
    long_window: bool,
}

/// Where bytes come from or go to.
#[derive(Clone, Debug)]
pub enum Place {
    /// Standard input or output.
    Standard,
    File(PathBuf),
    /// A file in a directory that was given, or in one below it.
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

    /// The path, of what has one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Place::Standard => None,
            Place::File(path) | Place::Below { path, .. } => Some(path),
        }
    }

    /// Whether it has no end of its own, as a pipe, a socket or a terminal: what comes of it is never the whole.
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
    /// How the inputs are read. What is not to be `accept`ed is, if it was asked for.
    pub fn opening(&self, accept: Accept) -> Opening {
        let accept = if self.text { Accept::Text } else { accept };
        Opening { accept, long_window: self.long_window, control: None }
    }

    /// Tells whoever started the command without any input, at a terminal, what it waits for.
    pub fn hint(&self) {
        if self.files.is_empty() && io::stdin().is_terminal() {
            output::say(
                "reading from the terminal; Ctrl-D ends the input, 'blackbar --help' tells more",
            );
        }
    }

    /// The inputs, with directories replaced by the files in them, in order of name. What cannot be listed goes to
    /// `report`.
    pub fn places(&self, report: &mut dyn FnMut(&Error)) -> Result<Vec<Place>, Error> {
        if self.files.is_empty() && !self.recursive {
            return Ok(vec![Place::Standard]);
        }
        if self.files.is_empty() {
            return Err(Error::Refused {
                reason: "-r needs a directory; . is this one".to_owned(),
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
        // Nothing is left out that was not asked to be: a log that some .gitignore names holds secrets too.
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
                // Directories were entered; links, pipes and devices lead out of the directory.
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
            reason: format!("--glob {glob}: invalid glob; * stands for any name, as in '*.log'"),
        };
        let mut builder = OverrideBuilder::new(directory);
        for glob in &self.globs {
            builder.add(glob).map_err(|_| refused(glob))?;
        }
        builder.build().map_err(|_| refused(&self.globs.join(" ")))
    }
}
