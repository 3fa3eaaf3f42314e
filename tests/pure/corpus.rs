//! What the fuzzer once found holds ever after.

#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

use targets::{TARGETS, fault};

#[test]
fn what_was_found_once_holds() {
    let mut wrong = Vec::new();
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(target.name);
        let files = fs::read_dir(folder).into_iter().flatten().map(|file| file.expect("the corpus can be read").path());
        let seeds = target.seeds.iter().map(|seed| (format!("{seed:?}"), seed.as_bytes().to_vec()));
        let files = files.map(|path| (path.display().to_string(), fs::read(&path).expect("the corpus can be read")));
        for (name, input) in seeds.chain(files) {
            if let Err(said) = fault(target, &input) {
                wrong.push(format!("{} {name}: {said}", target.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
