//! The map in `src/README.md` holds: rooms import only what their row allows, and confined crates stay where they are named.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A row of the map.
#[derive(Debug)]
struct Room {
    name: String,
    /// The rooms that it may use; `None` where it may use all.
    may_use: Option<Vec<String>>,
    /// The crates that its row names. A crate that any row names is confined to the rows that name it.
    crates: Vec<String>,
}

#[test]
fn the_map_lists_the_rooms_of_the_library_in_order() {
    let library = fs::read_to_string(source().join("lib.rs")).expect("the library has a root");
    let declared: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let drawn: Vec<String> = map().into_iter().map(|room| room.name).collect();
    assert_eq!(drawn, declared, "the table of src/README.md and the rooms of src/lib.rs differ");
}

#[test]
fn the_map_is_a_flow_without_cycles() {
    let map = map();
    let place: BTreeMap<&str, usize> = map.iter().enumerate().map(|(at, room)| (room.name.as_str(), at)).collect();
    for (at, room) in map.iter().enumerate() {
        for used in room.may_use.iter().flatten() {
            let Some(below) = place.get(used.as_str()) else {
                panic!("the row of `{}` in src/README.md may use `{used}`, which is no room", room.name);
            };
            assert!(*below < at, "the row of `{}` in src/README.md may use `{used}`, which comes after it", room.name);
        }
    }
}

#[test]
fn no_room_uses_what_its_row_does_not_allow() {
    let map = map();
    let mut wrong = Vec::new();
    for room in &map {
        for file in files_of(&room.name) {
            let text = fs::read_to_string(&file).expect("a source file is text");
            let tokens = tokens(&text);
            let shown = file.strip_prefix(source().parent().expect("src has a parent")).unwrap_or(&file).display();
            for (line, used) in rooms_used(&tokens) {
                let is_room = map.iter().any(|other| other.name == used);
                let allowed = room.may_use.as_ref().is_none_or(|allowed| allowed.contains(&used));
                if is_room && used != room.name && !allowed {
                    let allowed = room.may_use.as_deref().unwrap_or_default().join(", ");
                    wrong.push(format!(
                        "{shown}:{line}: `{}` uses `crate::{used}`; its row in src/README.md allows: {allowed}",
                        room.name
                    ));
                }
            }
            for line in climbs_out(&file, &tokens) {
                wrong.push(format!("{shown}:{line}: `super` leads out of the room; name other rooms by `crate::`"));
            }
            for (line, found) in crates_used(&tokens) {
                let owners: Vec<&str> =
                    map.iter().filter(|room| room.crates.contains(&found)).map(|room| room.name.as_str()).collect();
                if !owners.is_empty() && !owners.contains(&room.name.as_str()) {
                    let owners = owners.join("`, `");
                    wrong.push(format!(
                        "{shown}:{line}: `{}` uses the crate `{found}`, confined to `{owners}`",
                        room.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} imports run against the map:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_crate_of_the_map_is_a_dependency() {
    let manifest = fs::read_to_string(source().join("../Cargo.toml")).expect("the package has a manifest");
    let dependencies: Vec<String> =
        manifest.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.replace('-', "_")).collect();
    for room in map() {
        for name in room.crates {
            assert!(dependencies.contains(&name), "the row of `{}` names `{name}`, which is no dependency", room.name);
        }
    }
}

/// The guard itself: a leak of each kind is found, whatever its spelling, and what only looks like one is not.
#[test]
fn leaks_are_found_in_every_spelling() {
    let text = r##"
        use crate::plan::Plan;
        use crate::{lint, model::{self, Name}};
        fn f(x: &crate::run::Run) { kdl::parse(); }
        // crate::report
        /* crate::report */ const S: &str = "crate::report miette::x"; const R: &str = r#"crate::report "quoted" "#;
        #[cfg(test)] mod tests { use miette::Diagnostic; use super::kdl::y; }
        fn lifetime<'a>(c: char) -> bool { c == '"' || c == '\'' } use crate::source::Span;
    "##;
    let tokens = tokens(text);
    let rooms: Vec<String> = rooms_used(&tokens).into_iter().map(|(_, room)| room).collect();
    assert_eq!(rooms, ["plan", "lint", "model", "run", "source"]);
    let crates: Vec<(usize, String)> = crates_used(&tokens);
    let confined: Vec<_> = crates.iter().filter(|(_, name)| name == "kdl" || name == "miette").collect();
    assert_eq!(confined, [&(4, "kdl".to_owned()), &(7, "miette".to_owned())]);
    let climbs = |path: &str, text: &str| climbs_out(Path::new(path), &self::tokens(text)).len();
    assert_eq!(climbs("src/plan/goal.rs", "use super::Plan;"), 0);
    assert_eq!(climbs("src/plan/goal.rs", "use super::super::model;"), 1);
    assert_eq!(climbs("src/plan/goal.rs", "mod tests { use super::super::model; }"), 0);
    assert_eq!(climbs("src/plan/mod.rs", "use super::model;"), 1);
    assert_eq!(climbs("src/plan/deep/x.rs", "use super::super::Plan;"), 0);
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The table of `src/README.md`.
fn map() -> Vec<Room> {
    let text = fs::read_to_string(source().join("README.md")).expect("the house has a map");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 5, "src/README.md has no table of rooms");
    let list = |cell: &str| -> Vec<String> {
        cell.split(',').map(|item| item.trim().trim_matches('`').to_owned()).filter(|item| item != "–").collect()
    };
    rows.into_iter()
        .map(|cells| match cells[..] {
            [name, _, may_use, crates] => Room {
                name: name.trim_matches('`').to_owned(),
                may_use: (may_use != "all").then(|| list(may_use)),
                crates: list(crates),
            },
            _ => panic!("a row of the table in src/README.md has not four cells: {cells:?}"),
        })
        .collect()
}

fn files_of(room: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        Some(source().join(format!("{room}.rs"))).filter(|file| file.exists()).into_iter().collect();
    let mut folders: Vec<PathBuf> = Some(source().join(room)).filter(|folder| folder.is_dir()).into_iter().collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources can be read") {
            let path = entry.expect("a folder of sources can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "the room `{room}` of src/README.md has no file");
    files.sort();
    files
}

/// A word or sign of Rust, and its line. Comments, strings and characters are left out.
type Token<'a> = (usize, &'a str);

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => block_comment(rest),
            '"' => string(rest),
            'r' | 'b' | 'c' if string_prefix(rest).is_some() => string_prefix(rest).unwrap_or(1),
            '\'' => character(rest),
            ':' if rest.starts_with("::") => 2,
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            c => c.len_utf8(),
        };
        let token = &rest[..length];
        let skipped = token.starts_with(['/', '"', '\'']) && length > 1 || token.contains('"') || c.is_whitespace();
        if !skipped {
            tokens.push((line, token));
        }
        line += token.matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        match here {
            [b'/', b'*', ..] => depth += 1,
            [b'*', b'/', ..] => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string in quotes.
fn string(rest: &str) -> usize {
    let mut escaped = true;
    for (at, c) in rest.char_indices() {
        match c {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The length of a raw or byte string, where `rest` starts with one.
fn string_prefix(rest: &str) -> Option<usize> {
    let after = rest.trim_start_matches(['b', 'c', 'r']);
    let prefix = rest.len() - after.len();
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"').filter(|_| prefix <= 2)?;
    if rest[..prefix].contains('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        return Some(prefix + hashes + 1 + body.find(&close).map_or(body.len(), |at| at + close.len()));
    }
    (hashes == 0).then(|| prefix + string(after))
}

/// The length of a character in quotes, or of the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => rest[3..].find('\'').map_or(1, |at| 3 + at + 1),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// The rooms that stand after `crate::`, in groups too.
fn rooms_used(tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    for (at, window) in tokens.windows(3).enumerate() {
        let [(_, "crate"), (_, "::"), (line, first)] = window else { continue };
        if *first != "{" {
            used.push((*line, (*first).to_owned()));
            continue;
        }
        let mut depth = 0;
        for pair in tokens[at + 2..].windows(2) {
            match pair[0].1 {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && matches!(pair[0].1, "{" | ",") && !matches!(pair[1].1, "}" | ",") {
                used.push((pair[1].0, pair[1].1.to_owned()));
            }
        }
    }
    used
}

/// The first words of paths, which name crates where they are no local modules.
fn crates_used(tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let is_word = |token: &str| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let mut used = Vec::new();
    for (at, (line, token)) in tokens.iter().enumerate().filter(|(_, (_, token))| is_word(token)) {
        let before = at.checked_sub(1).map_or("", |before| tokens[before].1);
        let after = tokens.get(at + 1).map_or("", |after| after.1);
        if !matches!(before, "::" | ".") && (after == "::" || before == "use") {
            used.push((*line, (*token).to_owned()));
        }
    }
    used
}

/// The lines on which a row of `super` leads out of the room. In a module inside the file one more is allowed.
fn climbs_out(file: &Path, tokens: &[Token<'_>]) -> Vec<usize> {
    let under_source = file.iter().skip_while(|part| *part != "src").count() - 1;
    let depth = if file.ends_with("mod.rs") { under_source - 1 } else { under_source };
    let mut lines = Vec::new();
    let mut blocks: Vec<bool> = Vec::new();
    let mut row = 0;
    for (at, (line, token)) in tokens.iter().enumerate() {
        match *token {
            "{" => blocks.push(at >= 2 && tokens[at - 2].1 == "mod"),
            "}" => {
                blocks.pop();
            }
            "super" => {
                row += 1;
                let modules = blocks.iter().filter(|is_module| **is_module).count();
                if row == depth + modules {
                    lines.push(*line);
                }
                continue;
            }
            "::" => continue,
            _ => {}
        }
        row = 0;
    }
    lines
}
