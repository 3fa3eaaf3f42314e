use std::fs::{FileType, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt};

use bollard_buildkit_proto::fsutil::types::Stat;

/// Bits of Go's `fs.FileMode`, which is what BuildKit's wire format carries; they differ from the system's.
mod go {
    pub const DIRECTORY: u32 = 1 << 31;
    pub const SYMLINK: u32 = 1 << 27;
    pub const DEVICE: u32 = 1 << 26;
    pub const FIFO: u32 = 1 << 25;
    pub const SETUID: u32 = 1 << 23;
    pub const SETGID: u32 = 1 << 22;
    pub const CHARACTER_DEVICE: u32 = 1 << 21;
    pub const STICKY: u32 = 1 << 20;
}

/// What BuildKit is told of the file `path`. Files of a context belong to root, whoever owns them here; `link` is where a symbolic link points.
pub(super) fn stat(path: String, metadata: &Metadata, link: String) -> Stat {
    let file = metadata.file_type();
    let device = file.is_block_device() || file.is_char_device();
    Stat {
        path,
        mode: go_mode(&file, metadata.mode()),
        size: if file.is_dir() { 0 } else { i64::try_from(metadata.len()).unwrap_or(i64::MAX) },
        mod_time: metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec()),
        linkname: link,
        devmajor: if device { i64::from(rustix::fs::major(metadata.rdev())) } else { 0 },
        devminor: if device { i64::from(rustix::fs::minor(metadata.rdev())) } else { 0 },
        ..Stat::default()
    }
}

fn go_mode(file: &FileType, mode: u32) -> u32 {
    let kind = if file.is_dir() {
        go::DIRECTORY
    } else if file.is_symlink() {
        go::SYMLINK
    } else if file.is_fifo() {
        go::FIFO
    } else if file.is_char_device() {
        go::DEVICE | go::CHARACTER_DEVICE
    } else if file.is_block_device() {
        go::DEVICE
    } else {
        0
    };
    let special = [(0o4000, go::SETUID), (0o2000, go::SETGID), (0o1000, go::STICKY)];
    special.iter().filter(|(bit, _)| mode & bit != 0).fold(kind | (mode & 0o777), |sum, (_, bit)| sum | bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn modes_are_go_s() {
        let root = tempfile::tempdir().expect("a directory");
        let file = root.path().join("file");
        fs::write(&file, "12345").expect("a file");
        fs::set_permissions(&file, Permissions::from_mode(0o4750)).expect("permissions");
        fs::set_permissions(root.path(), Permissions::from_mode(0o1777)).expect("permissions");
        let told = stat("file".into(), &fs::metadata(&file).expect("metadata"), String::new());
        assert_eq!((told.mode, told.size, told.uid, told.gid), ((1 << 23) | 0o750, 5, 0, 0));
        let told = stat("d".into(), &fs::metadata(root.path()).expect("metadata"), String::new());
        assert_eq!((told.mode, told.size), ((1 << 31) | (1 << 20) | 0o777, 0));
        let told = stat("null".into(), &fs::metadata("/dev/null").expect("metadata"), String::new());
        assert_eq!((told.mode >> 20, told.devmajor, told.devminor), ((1 << 6) | (1 << 1), 1, 3));
    }
}
