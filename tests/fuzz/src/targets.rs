//! What is fuzzed: functions that take any bytes, and what must hold of them whatever the bytes are.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pipe::analysis::{Analyzer, analyze};
use pipe::diagnostic::render::{Style, full};
use pipe::diagnostic::{Diagnostics, mend};
use pipe::model::{ImageReference, Inputs};
use pipe::schema::{parse_duration, parse_published_port, parse_size};
use pipe::source::{Files, MemoryWorkspace};
use pipe::syntax::{decode_utf8, format, parse};

/// A function under test.
pub struct Target {
    /// Its name, and that of its folder in the corpus.
    pub name: &'static str,
    /// What it is fed with beside the texts of the project; none for those that read whole pipelines.
    pub seeds: &'static [&'static str],
    /// Panics where a promise does not hold. What it gives back names the way that was taken.
    pub run: fn(&[u8]) -> BTreeSet<String>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "parse", seeds: &[], run: parses },
    Target { name: "analyze", seeds: &[], run: analyzes },
    Target { name: "again", seeds: &[], run: analyzes_again },
    Target { name: "format", seeds: &[], run: formats },
    Target {
        name: "interpolate",
        seeds: &[
            "a {{b}} c",
            "{{{{.Name}}",
            "{{pipeline.name}}-{{run.id}}",
            "{{app.url}}/x",
            "{{ }} {{a b}} {{",
            "$(x) ${y} }}",
        ],
        run: interpolates,
    },
    Target {
        name: "duration",
        seeds: &["3s", "1h30m", "500ms", "1m30s", "10", "0s", "1.5s", "99999999999h"],
        run: durations,
    },
    Target {
        name: "size",
        seeds: &["512MiB", "64M", "1GiB", "10", "1.5GiB", "0B", "18446744073709551615"],
        run: sizes,
    },
    Target {
        name: "image-reference",
        seeds: &[
            "busybox:1.35",
            "registry.example.com:5000/a/b_c:tag-1",
            "a@sha256:0123456789012345678901234567890123456789012345678901234567890123",
            "localhost/x",
            "[::1]:80/x:y",
        ],
        run: image_references,
    },
    Target {
        name: "port",
        seeds: &["8000", "8080:80", "127.0.0.1:8080:80", "[::1]:1:2", "80/udp", "0.0.0.0::80"],
        run: ports,
    },
    Target {
        name: "artifact",
        seeds: &["", "5out/\n0out/a\n5out/b/\n1out/b/c\n2out/l\nx18 path=out/../../e\n0out/x\nLout/long\n0y\n"],
        run: unpacks,
    },
];

/// Runs `target` on `input`; what it says where a promise does not hold.
pub fn fault(target: &Target, input: &[u8]) -> Result<BTreeSet<String>, String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("a panic without words").to_owned()
    })
}

fn parses(input: &[u8]) -> BTreeSet<String> {
    let (text, fault) = decode_utf8(input.to_vec());
    let files = Files::single("pipeline.kdl", &text);
    if let Some(fault) = fault {
        let found: Diagnostics = [fault.diagnostic(files.root())].into_iter().collect();
        hold(&found, &files);
        return ["not-utf8".to_owned()].into();
    }
    let (document, found) = parse(files.root());
    hold(&found, &files);
    let again = parse(files.root());
    assert!(again.1 == found, "the second time other things are told");
    assert!(format!("{:?}", again.0) == format!("{document:?}"), "the second time another document is read");
    // What safe fixes make of it is a text as well.
    for mended in mend(&found, &files).texts.values() {
        let files = Files::single("pipeline.kdl", mended);
        hold(&parse(files.root()).1, &files);
    }
    ways(&found)
}

fn analyzes(input: &[u8]) -> BTreeSet<String> {
    let Ok(text) = std::str::from_utf8(input) else { return BTreeSet::new() };
    let files = Files::single("pipeline.kdl", text);
    let workspace = MemoryWorkspace::default()
        .with(
            "Dockerfile",
            "ARG BASE=busybox:1.35\nFROM ${BASE} AS test\nCOPY . /app\nFROM test AS release\nARG VERSION\n",
        )
        .with("inc/other.kdl", "include \"../pipeline.kdl\"\nstage other { image \"busybox:1.35\"; command ls }\n")
        .with("app.env", "A=1\nB\n# c\nD=\"e\n");
    let analysis = analyze(&files, &Inputs::new(&workspace));
    hold(&analysis.diagnostics, &analysis.files);
    assert!(
        analysis.pipeline.is_none() == analysis.diagnostics.has_errors(),
        "a pipeline is there if nothing is wrong: {:?}",
        analysis.diagnostics
    );
    let again = analyze(&files, &Inputs::new(&workspace));
    assert!(again.diagnostics == analysis.diagnostics, "the second time other things are told");
    drop(full(&analysis.diagnostics, &analysis.files, &Style::default()));
    ways(&analysis.diagnostics)
}

/// One who has read the text before, and the same text with a line taken out, says what a new one says.
fn analyzes_again(input: &[u8]) -> BTreeSet<String> {
    let Ok(text) = std::str::from_utf8(input) else { return BTreeSet::new() };
    let workspace = MemoryWorkspace::default()
        .with("Dockerfile", "FROM busybox:1.35 AS test\nFROM test AS release\nARG VERSION\n")
        .with("inc/other.kdl", "stage other { image \"busybox:1.35\"; command ls }\n");
    let inputs = Inputs::new(&workspace);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // Which line goes hangs on the text alone.
    let gone = text.len().checked_rem(lines.len()).unwrap_or(0);
    let edited: String = lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect();
    let mut analyzer = Analyzer::new();
    let mut told = BTreeSet::new();
    for text in [text, &edited, text, &format!("// a comment\n{edited}"), text] {
        let files = Files::single("pipeline.kdl", text);
        let new = analyze(&files, &inputs);
        let again = analyzer.analyze(&files, &inputs);
        hold(&again.diagnostics, &again.files);
        let (new_says, again_says) = (&new.diagnostics, &again.diagnostics);
        assert!(new_says == again_says, "who has read before says other things: {again_says:?}, not {new_says:?}");
        assert!(new.pipeline.is_some() == again.is_valid, "who has read before takes another text for valid: {text:?}");
        told.extend(ways(&again.diagnostics));
    }
    told
}

fn formats(input: &[u8]) -> BTreeSet<String> {
    let Ok(text) = std::str::from_utf8(input) else { return BTreeSet::new() };
    let files = Files::single("pipeline.kdl", text);
    let (formatted, found) = format(files.root());
    hold(&found, &files);
    let Some(formatted) = formatted else { return ways(&found) };
    let again = Files::single("pipeline.kdl", &formatted);
    let (twice, found) = format(again.root());
    assert!(!found.has_errors(), "what was formatted is wrong: {formatted:?}: {found:?}");
    assert!(twice.as_deref() == Some(&formatted), "formatting goes on: {formatted:?} becomes {twice:?}");
    BTreeSet::from([format!("{}", formatted == text)])
}

fn interpolates(input: &[u8]) -> BTreeSet<String> {
    let Ok(value) = std::str::from_utf8(input) else { return BTreeSet::new() };
    let quoted: String = value.chars().map(|c| format!("\\u{{{:X}}}", u32::from(c))).collect();
    analyzes(format!("param a default=b\nstage s {{ image \"busybox:1.35\"; command echo \"{quoted}\" }}\n").as_bytes())
}

fn durations(input: &[u8]) -> BTreeSet<String> {
    let Ok(text) = std::str::from_utf8(input) else { return BTreeSet::new() };
    match parse_duration(text) {
        Ok(duration) => [format!("{}", duration.is_zero())].into(),
        Err(error) => {
            assert!(text.get(error.at.clone()).is_some(), "{:?} is no place in {text:?}", error.at);
            [format!("{:?}", error.kind)].into()
        }
    }
}

fn sizes(input: &[u8]) -> BTreeSet<String> {
    let Ok(text) = std::str::from_utf8(input) else { return BTreeSet::new() };
    match parse_size(text) {
        Ok(size) => [format!("{}", size.checked_ilog2().unwrap_or(0) / 10)].into(),
        Err(error) => {
            let meant = error.meant.as_deref();
            assert!(meant.is_none_or(|meant| parse_size(meant).is_ok()), "{text:?} is not meant as {meant:?}");
            [format!("{}", meant.is_some())].into()
        }
    }
}

fn image_references(input: &[u8]) -> BTreeSet<String> {
    let Ok(text) = std::str::from_utf8(input) else { return BTreeSet::new() };
    match ImageReference::parse(text) {
        Ok(reference) => {
            let parts = [reference.registry().is_some(), reference.tag().is_some(), reference.digest().is_some()];
            assert!(text.contains(reference.repository()), "{:?} is no part of {text:?}", reference.repository());
            [format!("{parts:?}")].into()
        }
        Err(error) => {
            assert!(text.get(error.at.clone()).is_some(), "{:?} is no place in {text:?}", error.at);
            [format!("{:?}", error.kind)].into()
        }
    }
}

fn ports(input: &[u8]) -> BTreeSet<String> {
    let Ok(text) = std::str::from_utf8(input) else { return BTreeSet::new() };
    match parse_published_port(text) {
        Ok(port) => [format!("{} {}", port.host.is_some(), port.bind.is_some())].into(),
        Err(error) => {
            let (kind, at) = match error {
                pipe::schema::PortError::Protocol(at) => ("protocol", at),
                pipe::schema::PortError::Number(at) => ("number", at),
                pipe::schema::PortError::Address(at) => ("address", at),
                pipe::schema::PortError::Backwards(at) => ("backwards", at),
                pipe::schema::PortError::TooMany(at) => ("too many", at),
                pipe::schema::PortError::Lengths(at) => ("lengths", at),
            };
            assert!(text.get(at.clone()).is_some(), "{at:?} is no place in {text:?}");
            [kind.to_owned()].into()
        }
    }
}

/// Unpacks an archive that is written by the input: a line a member, its kind and its name (for headers beside members: their
/// content). Where the input is none of this, it is an archive itself, whose checksums are mended.
fn unpacks(input: &[u8]) -> BTreeSet<String> {
    let home = tempfile::tempdir().expect("a directory");
    let place = home.path().join("place");
    std::fs::create_dir(&place).expect("a directory in it");
    std::fs::write(home.path().join("secret"), "untouched").expect("a file in it");
    let tar = if input.len() >= 512 { mended(input) } else { written(input) };
    let result = pipe::run::unpack(tar.as_slice(), &place);
    let mut around: Vec<_> = std::fs::read_dir(home.path()).expect("it is there").flatten().collect();
    around.sort_by_key(std::fs::DirEntry::file_name);
    assert!(around.len() == 2 && around[0].path() == place, "something is beside the place: {around:?}");
    let secret = std::fs::read_to_string(home.path().join("secret")).expect("it is there");
    assert!(secret == "untouched", "a file beside the place has changed");
    let mut left = vec![place];
    let mut ways = BTreeSet::new();
    while let Some(path) = left.pop() {
        let there = std::fs::symlink_metadata(&path).expect("it is there");
        assert!(there.is_dir() || there.is_file(), "{path:?} is neither file nor directory");
        ways.insert(format!("{}", there.is_dir()));
        if there.is_dir() {
            left.extend(std::fs::read_dir(&path).expect("it can be read").flatten().map(|entry| entry.path()));
        }
    }
    match result {
        Ok(unpacked) => ways.insert(format!("{} {}", unpacked.files.len().min(3), unpacked.left_out.min(3))),
        Err(error) => {
            assert!(error.kind() == std::io::ErrorKind::InvalidData, "the archive is not blamed: {error}");
            // What is told without what it is told of.
            ways.insert(error.to_string().split('`').step_by(2).collect())
        }
    };
    ways
}

fn written(input: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for line in input.split(|byte| *byte == b'\n') {
        let Some((kind, name)) = line.split_first() else { continue };
        let beside = matches!(kind, b'x' | b'g' | b'L' | b'K');
        let data = match kind {
            b'x' | b'g' => [name, b"\n"].concat(),
            b'L' | b'K' => [name, b"\0"].concat(),
            b'0' => name.to_vec(),
            _ => Vec::new(),
        };
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::new(*kind));
        header.set_mode(0o7777);
        header.set_size(data.len() as u64);
        let name = if beside { b"beside" } else { &name[..name.len().min(100)] };
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_cksum();
        tar.append(&header, data.as_slice()).expect("memory takes everything");
    }
    tar.into_inner().expect("memory takes everything")
}

/// The archive with right checksums, as far as its sizes lead.
fn mended(input: &[u8]) -> Vec<u8> {
    let mut tar = input.to_vec();
    let mut at = 0;
    while let Some(block) = tar.get_mut(at..at + 512) {
        let mut header = tar::Header::new_old();
        header.as_mut_bytes().copy_from_slice(block);
        let size = header.entry_size().unwrap_or(0).min(1 << 30) as usize;
        if block.iter().any(|byte| *byte != 0) {
            header.set_cksum();
            block.copy_from_slice(header.as_bytes());
        }
        at += 512 + size.next_multiple_of(512);
    }
    tar
}

/// What must hold of everything that is told.
fn hold(found: &Diagnostics, files: &Files) {
    for diagnostic in found.iter() {
        assert!(!diagnostic.labels.is_empty(), "it has no place: {diagnostic:?}");
        for label in &diagnostic.labels {
            let text = files.get(label.span.file).text();
            assert!(text.get(label.span.range()).is_some(), "its place is none of the text: {diagnostic:?}");
        }
        for fix in &diagnostic.fixes {
            assert!(!fix.edits.is_empty(), "its fix does nothing: {diagnostic:?}");
            let mut spans: Vec<_> = fix.edits.iter().map(|edit| edit.span).collect();
            spans.sort();
            let fit = spans.iter().all(|span| files.get(span.file).text().get(span.range()).is_some());
            assert!(fit, "its fix does not fit the text: {diagnostic:?}");
            let apart = spans.windows(2).all(|pair| pair[0].file != pair[1].file || pair[0].end <= pair[1].start);
            assert!(apart, "its fix overlaps itself: {diagnostic:?}");
        }
    }
}

fn ways(found: &Diagnostics) -> BTreeSet<String> {
    found.iter().map(|diagnostic| diagnostic.code.to_string()).collect()
}
