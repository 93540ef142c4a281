//! The attributes of a file other than its content: owner, permissions, access control lists and other extended
//! attributes, times.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, FileTimes};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

/// The permission bits of a file's mode.
const PERMISSIONS: u32 = 0o7777;

/// Gives the new file `to` all attributes of `from`. If that fails, `to` may have some of them.
///
/// # Errors
///
/// If any attribute cannot be given to it.
pub(crate) fn copy(from: &File, to: &File) -> io::Result<()> {
    let theirs = from.metadata()?;

    // 1. The owner first, because a change of owner clears set-user bits and capabilities.
    let owner = |file: &File| file.metadata().map(|metadata| (metadata.uid(), metadata.gid()));
    let wanted = (theirs.uid(), theirs.gid());
    if owner(to)? != wanted {
        // Only root may change the owner; the owner may choose among their own groups.
        let _ = fchown(to, Some(wanted.0), Some(wanted.1));
        if owner(to)? != wanted {
            return Err(io::Error::other(
                "its owner or group cannot be kept; run it as that user, or as root",
            ));
        }
    }

    // 2. Access control lists before the mode. If a file has a list, the group bits of its mode are the list's mask;
    //    without the list they would be the group's own permissions.
    copy_extended(from, to)?;
    to.set_permissions(theirs.permissions())?;
    let mode = |mode: u32| mode & PERMISSIONS;
    if mode(to.metadata()?.permissions().mode()) != mode(theirs.permissions().mode()) {
        return Err(io::Error::other("its permissions cannot be kept"));
    }

    // 3. Times last, because every other change updates them.
    to.set_times(FileTimes::new().set_accessed(theirs.accessed()?).set_modified(theirs.modified()?))
}

/// Whether the system derives the attribute from the content, so that a copy of it would be wrong.
fn is_of_content(name: &OsString) -> bool {
    name == "security.ima" || name == "security.evm"
}

fn copy_extended(from: &File, to: &File) -> io::Result<()> {
    let cannot = |name: &OsString| {
        let name = name.to_string_lossy().escape_debug().to_string();
        move |error: io::Error| {
            let why = crate::error::reason(&error);
            io::Error::other(format!("its extended attribute {name} cannot be kept: {why}"))
        }
    };
    let (wanted, mut had) = (extended(from)?, extended(to)?);
    for (name, value) in wanted.iter().filter(|(name, _)| !is_of_content(name)) {
        if had.remove(name).as_ref() != Some(value) {
            system::set(to, name, value).map_err(cannot(name))?;
        }
    }
    // A directory passes its default lists to files created in it. Security labels of the system stay.
    for name in had.keys().filter(|name| !name.as_encoded_bytes().starts_with(b"security.")) {
        system::remove(to, name).map_err(cannot(name))?;
    }
    Ok(())
}

/// The extended attributes of a file, by name. Empty where the file system has none.
fn extended(file: &File) -> io::Result<BTreeMap<OsString, Vec<u8>>> {
    let names = match system::names(file) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(BTreeMap::new()),
        names => names?,
    };
    names.into_iter().map(|name| Ok((name.clone(), system::get(file, &name)?))).collect()
}

/// The system calls.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod system {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::unix::ffi::OsStrExt;

    use rustix::fs::{
        XattrFlags, fgetxattr, fgetxattr_query, flistxattr, flistxattr_query, fremovexattr,
        fsetxattr,
    };

    pub(super) fn names(file: &File) -> io::Result<Vec<OsString>> {
        let mut list = vec![0_u8; flistxattr_query(file)?];
        let len = flistxattr(file, &mut list[..])?;
        let names = list[..len].split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| OsStr::from_bytes(name).to_owned()).collect())
    }

    pub(super) fn get(file: &File, name: &OsStr) -> io::Result<Vec<u8>> {
        let mut value = vec![0_u8; fgetxattr_query(file, name)?];
        let len = fgetxattr(file, name, &mut value[..])?;
        value.truncate(len);
        Ok(value)
    }

    pub(super) fn set(file: &File, name: &OsStr, value: &[u8]) -> io::Result<()> {
        Ok(fsetxattr(file, name, value, XattrFlags::empty())?)
    }

    pub(super) fn remove(file: &File, name: &OsStr) -> io::Result<()> {
        Ok(fremovexattr(file, name)?)
    }
}

/// For systems without extended attributes.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod system {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;

    pub(super) fn names(_: &File) -> io::Result<Vec<OsString>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn get(_: &File, _: &OsStr) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn set(_: &File, _: &OsStr, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn remove(_: &File, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
