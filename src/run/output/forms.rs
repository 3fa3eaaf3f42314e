use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Values shorter than this are not looked for: hiding each `1` or `on` would hide nothing and spoil everything.
const SHORTEST: usize = 3;

/// Encoded forms of values shorter than this are not looked for, nor are shorter lines of a value (`}`, `EOF`): they would be met by
/// chance.
const SHORTEST_PART: usize = 6;

/// Where programs break lines of base64: `base64` of coreutils and MIME, PEM.
const WRAPS: [usize; 2] = [76, 64];

/// What the value of a secret may look like in an output: as it is, line by line, in base64, URL-encoded, as a JSON string.
pub(super) fn forms(value: &str) -> Vec<String> {
    // Files of secrets end in a newline, outputs of secrets in another.
    let bare = value.trim_matches(['\n', '\r']);
    let lines: Vec<&str> = bare.lines().filter(|line| line.trim().len() >= SHORTEST_PART).collect();
    let mut forms: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    if bare.len() >= SHORTEST && (!bare.contains('\n') || lines.len() < bare.lines().count()) {
        forms.push(bare.to_owned());
    }
    if bare.len() >= SHORTEST_PART {
        let with_newline = format!("{bare}\n");
        for value in [bare, &with_newline, value] {
            forms.extend(base64(value));
        }
        forms.extend(within_base64(bare));
        for text in std::iter::once(bare).chain(lines) {
            forms.extend(url_encoded(text));
            forms.extend(json_encoded(text));
        }
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// The value alone, whole and broken into lines.
fn base64(value: &str) -> Vec<String> {
    let whole = STANDARD.encode(value);
    let wrapped = WRAPS.iter().filter(|columns| whole.len() > **columns).flat_map(|columns| {
        whole.as_bytes().chunks(*columns).filter_map(|line| std::str::from_utf8(line).ok()).map(str::to_owned)
    });
    let mut forms: Vec<String> = wrapped.filter(|line| line.len() >= SHORTEST_PART).collect();
    forms.extend([STANDARD_NO_PAD.encode(value), URL_SAFE_NO_PAD.encode(value), whole]);
    forms
}

/// What of a value is seen in the base64 of a text that it stands in (`user:value@host`): the first and last letters depend on
/// the neighbours and are left out.
fn within_base64(value: &str) -> impl Iterator<Item = String> {
    (0..=2usize).flat_map(move |shift| {
        let mut shifted = vec![0; shift];
        shifted.extend_from_slice(value.as_bytes());
        let whole = shifted.len() / 3 * 4;
        let first = if shift == 0 { 0 } else { shift + 1 };
        [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)]
            .map(|encoded| encoded[first..whole].to_owned())
    })
}

/// By RFC 3986 and as forms are sent, with hexadecimal digits of both kinds.
fn url_encoded(value: &str) -> [String; 4] {
    let encoded = |form: bool, upper: bool| {
        let mut encoded = String::new();
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
                b' ' if form => encoded.push('+'),
                _ if upper => encoded.push_str(&format!("%{byte:02X}")),
                _ => encoded.push_str(&format!("%{byte:02x}")),
            }
        }
        encoded
    };
    [encoded(false, true), encoded(false, false), encoded(true, true), encoded(true, false)]
}

/// As most write it, as Go does (safe in HTML), as PHP does (with escaped slashes), and in ASCII alone as Python does.
fn json_encoded(value: &str) -> [String; 4] {
    let quoted = serde_json::Value::from(value).to_string();
    let plain = &quoted[1..quoted.len() - 1];
    let escaped = |escape: &dyn Fn(char) -> bool| {
        let mut text = String::new();
        for c in plain.chars() {
            match c {
                c if escape(c) => {
                    let mut units = [0; 2];
                    c.encode_utf16(&mut units).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
                }
                c => text.push(c),
            }
        }
        text
    };
    [
        plain.to_owned(),
        escaped(&|c| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')),
        plain.replace('/', "\\/"),
        escaped(&|c| !c.is_ascii()),
    ]
}
