use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What stands where a secret stood.
const HIDDEN: &str = "***";

/// Values shorter than this are not looked for: hiding each `1` or `on` would hide nothing and spoil everything.
const SHORTEST: usize = 3;

/// Encoded forms of values shorter than this are not looked for, since they would be met by chance.
const SHORTEST_ENCODED: usize = 6;

/// Hides the values of secrets in what is told: as they are, line by line, in base64, URL-encoded and as a JSON string.
#[derive(Debug, Clone, Default)]
pub struct Masker {
    forms: Option<AhoCorasick>,
    longest: usize,
}

impl Masker {
    /// Hides these values.
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms: Vec<String> = values.into_iter().flat_map(forms).collect();
        forms.sort();
        forms.dedup();
        let longest = forms.iter().map(String::len).max().unwrap_or(0);
        let forms = (!forms.is_empty()).then(|| {
            // The longest of several at one place: a form that is part of another must not break it up.
            let search = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                // Its size is linear in the values, which may be whole files.
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(&forms);
            search.expect("the forms of a few files of 4 MiB are far below 2^31 states")
        });
        Masker { forms, longest }
    }

    /// How many bytes the longest form of a secret has.
    pub(in crate::run) fn longest(&self) -> usize {
        self.longest
    }

    /// The bytes with secrets hidden.
    pub fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.forms {
            Some(forms) if forms.is_match(&bytes) => {
                let mut out = Vec::with_capacity(bytes.len());
                forms.replace_all_with_bytes(&bytes, &mut out, |_, _, out| {
                    out.extend_from_slice(HIDDEN.as_bytes());
                    true
                });
                out
            }
            _ => bytes,
        }
    }

    /// The text with secrets hidden.
    pub fn text(&self, text: &str) -> String {
        let masked = self.bytes(text.as_bytes().to_vec());
        String::from_utf8(masked).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

fn forms(value: &str) -> Vec<String> {
    let mut forms: Vec<String> = std::iter::once(value).chain(value.lines()).map(str::to_owned).collect();
    if value.len() >= SHORTEST_ENCODED {
        forms.push(STANDARD.encode(value));
        forms.push(STANDARD_NO_PAD.encode(value));
        forms.push(URL_SAFE_NO_PAD.encode(value));
        forms.extend(within_base64(value));
        forms.push(url_encoded(value));
        forms.push(serde_json::Value::from(value).to_string().trim_matches('"').to_owned());
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// What of a value is seen in the base64 of a text that it stands in (`user:value@host`): the first and last letters depend on
/// the neighbours and are left out.
fn within_base64(value: &str) -> impl Iterator<Item = String> {
    (0..=2usize).map(move |shift| {
        let mut shifted = vec![0; shift];
        shifted.extend_from_slice(value.as_bytes());
        let encoded = STANDARD_NO_PAD.encode(&shifted);
        let whole = shifted.len() / 3 * 4;
        let first = if shift == 0 { 0 } else { shift + 1 };
        encoded[first..whole].to_owned()
    })
}

fn url_encoded(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_hidden_in_each_of_its_forms() {
        let secret = "s3cr$t/va lue";
        let masker = Masker::new([secret]);
        for form in [
            format!("password is {secret}!"),
            format!("GET /?p={}", url_encoded(secret)),
            STANDARD.encode(secret),
            URL_SAFE_NO_PAD.encode(secret),
            STANDARD.encode(format!("user:{secret}")),
            STANDARD.encode(format!("me:{secret}@host")),
        ] {
            let masked = masker.text(&form);
            assert!(masked.contains(HIDDEN), "{form} became {masked}");
        }
        assert_eq!(masker.text("nothing to hide"), "nothing to hide");
    }

    #[test]
    fn a_value_of_several_lines_is_hidden_line_by_line() {
        let masker = Masker::new(["BEGIN KEY\nabcdef\nEND KEY"]);
        assert_eq!(masker.text("abcdef"), HIDDEN);
    }

    #[test]
    fn a_value_within_another_is_no_way_around() {
        let masker = Masker::new(["pass", "password"]);
        assert_eq!(masker.text("password pass"), "*** ***");
    }

    #[test]
    fn very_short_values_and_empty_ones_are_left() {
        assert_eq!(Masker::new(["", "on"]).text("on and off"), "on and off");
        assert_eq!(Masker::default().text("anything"), "anything");
    }

    #[test]
    fn a_large_value_is_hidden_like_any_other() {
        let large = "0123456789abcdef".repeat(8 * 1024);
        assert_eq!(Masker::new([large.as_str()]).text(&format!("<{large}>")), "<***>");
    }

    #[test]
    fn bytes_that_are_no_text_stay() {
        let masker = Masker::new(["secret"]);
        assert_eq!(masker.bytes(b"\xff\xfesecret\xff".to_vec()), b"\xff\xfe***\xff");
    }
}
