use super::random::Random;

/// What KDL and pipelines are made of, and what comes in from elsewhere.
const WORDS: &[&str] = &[
    "{",
    "}",
    "\"",
    "\"\"\"",
    "#\"",
    "\"#",
    "\\",
    "\\u{",
    "\\\n",
    "#",
    "##",
    "/-",
    "//",
    "/*",
    "*/",
    "(",
    ")",
    "=",
    "==",
    "[",
    "]",
    ",",
    ":",
    ";",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{A0}",
    "\u{FEFF}",
    "\u{202E}",
    "\u{200B}",
    "\0",
    "é",
    "😀",
    "а",
    "“",
    "”",
    "'",
    "'''",
    "r\"",
    "- ",
    "true",
    "#true",
    "null",
    "#null",
    "#inf",
    "1",
    "-1",
    "0x",
    ".5",
    "1e999",
    "99999999999999999999999999999999999999999",
    "10s",
    "512MiB",
    "8080:80",
    "{{",
    "}}",
    "{{a}}",
    "{{pipeline.name}}",
    "${A}",
    "$(b)",
    "a",
    "b-c",
    "(secret)",
    "/- kdl-version 1\n",
    "kdl-version",
    "pipeline p\n",
    "param a default=b\n",
    "secret k default=d\n",
    "include \"inc/other.kdl\"\n",
    "include \"pipeline.kdl\"\n",
    "volume v\n",
    "network n\n",
    "image i { build . }\n",
    "image \"busybox:1.35\"\n",
    "template t { extends t }\n",
    "extends t\n",
    "service s {\n",
    "stage x {\n",
    "needs s\n",
    "needs x\n",
    "after x\n",
    "acceptance a {\n",
    "target s port=80\n",
    "test \"t\" {\n",
    "http GET \"/\" {\n",
    "expect status 200\n",
    "expect json \"$.a\" equals=1\n",
    "expect body matches=\"(\"\n",
    "json #\"{\"a\": {{b}}}\"#\n",
    "capture c body\n",
    "env { A \"{{a}}\" }\n",
    "env-file \"app.env\"\n",
    "mount v \"/x\"\n",
    "port 80\n",
    "healthcheck \"true\" interval=\"1s\"\n",
    "healthcheck tcp=80\n",
    "command ls\n",
    "sh \"\"\"\n    echo $A\n    \"\"\"\n",
    "matrix { a b c }\n",
    "when a=b\n",
    "retry 3\n",
    "artifact \"/x\"\n",
    "timeout \"1m\"\n",
    "each",
    "}\n}\n",
];

/// A text near to `seed`, with a piece of `other` at times.
pub fn mutated(seed: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = seed.to_vec();
    for _ in 0..=random.below(6) {
        once(&mut out, other, random);
    }
    out.truncate(MOST);
    out
}

/// The longest text: long enough for every structure, short enough for many a second.
const MOST: usize = 16 * 1024;

fn once(out: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = boundary(out, random.below(out.len() + 1));
    let word = random.one_of(WORDS).as_bytes();
    match random.below(12) {
        0..=2 => drop(out.splice(at..at, word.iter().copied())),
        3 => {
            let end = boundary(out, (at + 1 + random.below(12)).min(out.len())).max(at);
            out.splice(at..end, word.iter().copied());
        }
        4 => {
            let end = boundary(out, (at + 1 + random.below(40)).min(out.len())).max(at);
            out.drain(at..end);
        }
        5 => {
            // One character less.
            let end = boundary(out, (at + 1).min(out.len())).max(at);
            out.drain(at..end);
        }
        6 => {
            let (start, end) = line(out, at);
            out.drain(start..end);
        }
        7 => {
            let (start, end) = line(out, at);
            let copy = out[start..end].to_vec();
            let to = line(out, random.below(out.len() + 1)).0;
            out.splice(to..to, copy);
        }
        8 => {
            let from = boundary(other, random.below(other.len() + 1));
            let until = boundary(other, (from + random.below(200)).min(other.len())).max(from);
            out.splice(at..at, other[from..until].iter().copied());
        }
        9 => {
            let times = 1 << random.below(9);
            out.splice(at..at, word.repeat(times));
        }
        10 => {
            if let Some(byte) = out.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        _ => out.truncate(at),
    }
}

/// The line that holds `at`, with its end.
fn line(text: &[u8], at: usize) -> (usize, usize) {
    let at = at.min(text.len());
    let start = text[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = text[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| at + end + 1);
    (start, end)
}

/// The beginning of the character at `at`.
fn boundary(text: &[u8], at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80)).unwrap_or(0)
}
