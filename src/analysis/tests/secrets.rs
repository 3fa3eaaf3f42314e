use std::io;
use std::path::{Path, PathBuf};

use crate::analysis::analyze;
use crate::model::Inputs;
use crate::source::{EntryKind, Files, Workspace};

/// One file of this mode, whatever the path.
struct Mode(u32);

impl Workspace for Mode {
    fn kind(&self, _: &Path) -> Option<EntryKind> {
        Some(EntryKind::File)
    }

    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(b"long enough to be one".to_vec())
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn mode(&self, _: &Path) -> Option<u32> {
        Some(self.0)
    }
}

#[test]
fn only_what_all_may_read_is_told() {
    let text = "secret k file=\"k.txt\"\nstage s { image \"x:1\"; env K (secret)k; command x }\n";
    let told = |mode| {
        let workspace = Mode(mode);
        let told = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&workspace)).diagnostics;
        told.iter().filter(|it| it.code.slug() == "secret-file-readable").count()
    };
    assert_eq!((told(0o100_644), told(0o100_600), told(0o100_640)), (1, 0, 0));
}
