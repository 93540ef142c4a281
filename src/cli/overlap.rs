//! Checks that a run writes no file that it also reads (an input, the configuration, a file of known values, the key), and
//! does not write the same file in two ways.
//!
//! Files are identified by device and inode. A file that does not exist yet is identified by its directory and its name.
//! The check runs before anything is opened, and again when a path may refer to another file.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use blackbar::command::FileId;
use blackbar::{Error, Name};

use super::inputs::Place;

/// How many symbolic links Linux follows in one path.
const LINKS_MAX: usize = 40;

/// A file with settings: its kind and its path.
pub type SettingsFile = (&'static str, PathBuf);

/// The files of a run.
#[derive(Clone, Debug)]
pub struct Files {
    /// The files with settings.
    pub settings: Vec<SettingsFile>,
    pub inputs: Vec<Place>,
    /// The output, unless inputs are redacted in place.
    pub output: Option<Place>,
    /// A file that is replaced: statistics, a baseline.
    pub replaced: Option<PathBuf>,
}

/// What a path refers to now.
#[derive(PartialEq, Eq)]
enum Identity {
    File(FileId),
    /// It does not exist yet: device and inode of its directory, and its name.
    Missing((u64, u64), OsString),
    /// A terminal, a pipe or a device, which can be both read and written, or something that cannot be opened.
    Other,
}

impl Identity {
    fn of(path: &Path) -> Identity {
        match fs::metadata(path) {
            Ok(metadata) => Identity::of_existing(&metadata),
            Err(_) => Identity::of_missing(path).unwrap_or(Identity::Other),
        }
    }

    fn of_existing(metadata: &Metadata) -> Identity {
        FileId::of_regular(metadata).map_or(Identity::Other, Identity::File)
    }

    fn of_missing(path: &Path) -> Option<Identity> {
        // Two links to the same missing file refer to the same file.
        let mut path = path.to_owned();
        for _ in 0..LINKS_MAX {
            let Ok(target) = fs::read_link(&path) else { break };
            path = path.parent()?.join(target);
        }
        let directory = path.parent().filter(|parent| *parent != Path::new(""));
        let metadata = fs::metadata(directory.unwrap_or(Path::new("."))).ok()?;
        Some(Identity::Missing((metadata.dev(), metadata.ino()), path.file_name()?.to_owned()))
    }

    fn of_descriptor(fd: impl AsFd) -> Identity {
        let file = fd.as_fd().try_clone_to_owned().map(File::from);
        match file.and_then(|file| file.metadata()) {
            Ok(metadata) => Identity::of_existing(&metadata),
            Err(_) => Identity::Other,
        }
    }

    fn is(&self, other: &Identity) -> bool {
        *self != Identity::Other && self == other
    }
}

impl Files {
    /// Checks all outputs against all inputs.
    ///
    /// # Errors
    ///
    /// [`Error::SameFile`] if an input is the output, [`Error::Refused`] for anything else.
    pub fn check(&self) -> Result<(), Error> {
        match &self.output {
            None => {}
            Some(Place::Standard) => {
                // An input that is also appended to is reported when its turn comes. The others are processed.
                let output = Identity::of_descriptor(io::stdout());
                self.check_settings(&output, &Name::stdout())?;
            }
            Some(Place::File(path) | Place::Below { path, .. }) => {
                self.check_output(path, &Identity::of(path))?;
            }
        }
        self.check_replaced()
    }

    /// Checks the file that was opened for output at `path`, before it is changed.
    ///
    /// # Errors
    ///
    /// As [`check`](Files::check).
    pub fn check_opened(&self, path: &Path, metadata: &Metadata) -> Result<(), Error> {
        self.check_output(path, &Identity::of_existing(metadata))
    }

    /// Checks the file that will be replaced, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`].
    pub fn check_replaced(&self) -> Result<(), Error> {
        let Some(path) = &self.replaced else { return Ok(()) };
        let (replaced, name) = (Identity::of(path), Name::path(path));
        self.check_settings(&replaced, &name)?;
        let output = match &self.output {
            None => Identity::Other,
            Some(Place::Standard) => Identity::of_descriptor(io::stdout()),
            Some(Place::File(path) | Place::Below { path, .. }) => Identity::of(path),
        };
        let what = if replaced.is(&output) {
            "the output"
        } else if self.input(&replaced).is_some() {
            "an input"
        } else {
            return Ok(());
        };
        Err(refused(&name, what))
    }

    fn check_output(&self, path: &Path, output: &Identity) -> Result<(), Error> {
        if let Some(name) = self.input(output) {
            return Err(Error::SameFile { name });
        }
        self.check_settings(output, &Name::path(path))
    }

    /// Checks a file that will be rewritten.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if the settings come from it.
    pub fn check_rewritten(&self, path: &Path, id: FileId) -> Result<(), Error> {
        self.check_settings(&Identity::File(id), &Name::path(path))
    }

    fn check_settings(&self, written: &Identity, name: &Name) -> Result<(), Error> {
        match self.settings.iter().find(|(_, path)| Identity::of(path).is(written)) {
            Some((what, _)) => Err(refused(name, what)),
            None => Ok(()),
        }
    }

    /// The name of the input that is `written`.
    fn input(&self, written: &Identity) -> Option<Name> {
        self.inputs.iter().find_map(|place| {
            let (input, name) = match place.path() {
                None => (Identity::of_descriptor(io::stdin()), Name::stdin()),
                Some(path) => (Identity::of(path), Name::path(path)),
            };
            input.is(written).then_some(name)
        })
    }
}

fn refused(name: &Name, what: &str) -> Error {
    Error::Refused { reason: format!("{name}: is also {what}, which must not be overwritten") }
}
