use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::forms::forms;

/// What stands where a secret stood.
const HIDDEN: &str = "***";

/// Hides the values of secrets in what is told and kept: as they are, line by line, in base64, URL-encoded and as a JSON string.
#[derive(Debug, Clone, Default)]
pub struct Masker {
    search: Option<AhoCorasick>,
    /// What is searched for, sorted.
    forms: Arc<[String]>,
    longest: usize,
}

impl Masker {
    /// Hides these values.
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        Masker::of(values.into_iter().flat_map(forms).collect())
    }

    fn of(mut forms: Vec<String>) -> Self {
        forms.sort();
        forms.dedup();
        let search = (!forms.is_empty()).then(|| {
            let search = AhoCorasick::builder()
                // Its size is linear in the values, which may be whole files.
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(&forms);
            search.expect("the forms of a few files of 4 MiB are far below 2^31 states")
        });
        let longest = forms.iter().map(String::len).max().unwrap_or(0);
        Masker { search, forms: forms.into(), longest }
    }

    /// Hides one more value.
    pub fn with(&self, value: &str) -> Self {
        let mut all: Vec<String> = self.forms.to_vec();
        all.extend(forms(value));
        Masker::of(all)
    }

    /// Whether this value is hidden already.
    pub fn hides(&self, value: &str) -> bool {
        forms(value).iter().all(|form| self.forms.binary_search(form).is_ok())
    }

    /// The bytes with secrets hidden.
    pub fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.search {
            Some(search) if search.is_match(&bytes) => {
                let mut stream = self.stream();
                let mut out = stream.push(&bytes);
                out.extend(stream.finish());
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

    /// The text with asterisks in place of secrets, as many as these have bytes: whatever stands in it stays where it is.
    pub fn blank(&self, text: &str) -> String {
        blanked(text, self.secrets(text.as_bytes()))
    }

    /// The same for secrets that stand alone: one that is part of a longer word (`password` in `db-password`) stays.
    pub fn blank_words(&self, text: &str) -> String {
        let of_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let stands_alone = |secret: &Range<usize>| {
            !text[..secret.start].ends_with(of_word) && !text[secret.end..].starts_with(of_word)
        };
        blanked(text, self.secrets(text.as_bytes()).into_iter().filter(stands_alone))
    }

    /// Where secrets are in these bytes, in order; those that overlap are one.
    fn secrets(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut secrets: Vec<Range<usize>> = Vec::new();
        let Some(search) = self.search.as_ref().filter(|search| search.is_match(bytes)) else { return secrets };
        // They come in the order of their ends: one that is longer than what came before takes it in.
        for found in search.find_overlapping_iter(bytes) {
            let mut start = found.start();
            while let Some(before) = secrets.pop_if(|before| before.end > start) {
                start = start.min(before.start);
            }
            secrets.push(start..found.end());
        }
        secrets
    }

    /// Hides secrets in bytes that come in pieces.
    pub fn stream(&self) -> MaskStream {
        MaskStream { masker: self.clone(), held: Vec::new(), hidden: 0 }
    }

    /// How many bytes at the end of these may be the beginning of a secret.
    fn beginning(&self, bytes: &[u8]) -> usize {
        let window = self.longest.saturating_sub(1).min(bytes.len());
        let starts = bytes.len() - window..bytes.len();
        starts.map(|start| &bytes[start..]).find(|rest| self.is_beginning(rest)).map_or(0, <[u8]>::len)
    }

    fn is_beginning(&self, bytes: &[u8]) -> bool {
        let next = self.forms.partition_point(|form| form.as_bytes() <= bytes);
        self.forms.get(next).is_some_and(|form| form.as_bytes().starts_with(bytes))
    }
}

/// Hides secrets in bytes that come in pieces, wherever they are cut. What may be the beginning of a secret is held back until it is
/// known what comes of it, and nothing else is.
#[derive(Debug)]
pub struct MaskStream {
    masker: Masker,
    held: Vec<u8>,
    /// How many bytes of what is held are of a secret whose mark has been given out.
    hidden: usize,
}

impl MaskStream {
    /// Takes in a piece; answers what is known by now.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        if self.masker.search.is_none() {
            return piece.to_vec();
        }
        self.held.extend_from_slice(piece);
        self.give_out(self.held.len() - self.masker.beginning(&self.held))
    }

    /// The end: what was held back.
    pub fn finish(&mut self) -> Vec<u8> {
        self.give_out(self.held.len())
    }

    /// Lets go of what is held, as far as it is known: no secret that begins there is cut off by the end of what is held.
    fn give_out(&mut self, known: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(known);
        let mut done = self.hidden;
        for secret in self.masker.secrets(&self.held) {
            // One that overlaps what is hidden already is part of that.
            if secret.start >= done {
                if secret.start >= known {
                    break;
                }
                out.extend_from_slice(&self.held[done..secret.start]);
                out.extend_from_slice(HIDDEN.as_bytes());
            }
            done = done.max(secret.end);
        }
        out.extend_from_slice(&self.held[done.min(known)..known]);
        self.held.drain(..known);
        self.hidden = done.saturating_sub(known);
        out
    }
}

fn blanked(text: &str, secrets: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for secret in secrets {
        out.push_str(&text[done..secret.start]);
        // Lines stay lines.
        out.extend(text[secret.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }));
        done = secret.end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_value_is_hidden_in_each_of_its_forms() {
        let secret = "s3cr$t/va lue";
        let masker = Masker::new([secret]);
        for form in [
            format!("password is {secret}!"),
            "GET /?p=s3cr%24t%2Fva%20lue".to_owned(),
            "GET /?p=s3cr%24t%2fva+lue".to_owned(),
            r#"{"p":"s3cr$t\/va lue"}"#.to_owned(),
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
        let masker = Masker::new(["BEGIN KEY\nabcdef\n}\nEND KEY\n"]);
        assert_eq!(masker.text("abcdef"), HIDDEN);
        assert_eq!(masker.text("}"), "}", "what is met everywhere hides nothing");
        assert_eq!(masker.text("<BEGIN KEY\nabcdef\n}\nEND KEY>"), "<***>");
        assert_eq!(masker.text(r"BEGIN KEY\nabcdef\n}\nEND KEY"), HIDDEN);
        assert_eq!(masker.text("abcdef\nnext\n"), "***\nnext\n");
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

    #[test]
    fn what_is_blanked_keeps_its_place() {
        let masker = Masker::new(["gehe\u{ed}m-1", "two-line-s\nsecond-line"]);
        let text = "env A=\"gehe\u{ed}m-1\" B=c\n# two-line-s\nsecond-line\n";
        let blank = masker.blank(text);
        assert_eq!(blank, "env A=\"*********\" B=c\n# **********\n***********\n");
        assert_eq!(blank.len(), text.len());
        let masker = Masker::new(["password"]);
        assert_eq!(masker.blank_words("secret db-password default=password"), "secret db-password default=********");
    }

    #[test]
    fn base64_is_found_in_lines_of_any_width() {
        let key = "0123456789abcdef-".repeat(12);
        let masker = Masker::new([key.as_str()]);
        for columns in [64, 76] {
            for value in [key.clone(), format!("{key}\n")] {
                let encoded = STANDARD.encode(value);
                let lines: Vec<&str> =
                    encoded.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).expect("text")).collect();
                let masked = masker.text(&lines.join("\n"));
                let seen = lines.iter().find(|line| line.len() >= 6 && masked.contains(**line));
                assert_eq!(seen, None, "{masked}");
            }
        }
    }

    #[test]
    fn what_cannot_be_a_secret_is_not_held_back() {
        let mut stream = Masker::new(["secret", "se"]).stream();
        assert_eq!(stream.push(b"ready> "), b"ready> ");
        assert_eq!(stream.push(b"a sec"), b"a ");
        assert_eq!(stream.push(b"tor\n"), b"sector\n");
        assert_eq!(stream.push(b"sec"), b"");
        assert_eq!(stream.push(b"ret"), b"***");
        assert_eq!(stream.push(b"secre"), b"");
        assert_eq!(stream.finish(), b"secre");
    }

    #[test]
    fn one_secret_that_ends_in_the_beginning_of_another_hides_both() {
        let masker = Masker::new(["abcdef", "efghij", "cdefgh"]);
        let mut stream = masker.stream();
        let mut out = stream.push(b"abcdef");
        out.extend(stream.push(b"ghij efgh"));
        out.extend(stream.push(b"ij"));
        out.extend(stream.finish());
        assert_eq!(out, b"*** ***");
        assert_eq!(masker.blank("<abcdefghij>"), "<**********>");
        assert_eq!(masker.text("<abcdefgh>"), "<***>", "one overlaps the other");
        assert_eq!(masker.text("abcdefabcdef"), "******", "these do not");
        assert_eq!(Masker::new(["ababab"]).text("<abababab>"), "<***>", "a secret that overlaps itself");
    }

    /// What comes out of a stream that gets the text cut into pieces of these lengths.
    fn passed(masker: &Masker, text: &str, cuts: &[usize]) -> Vec<u8> {
        let mut stream = masker.stream();
        let (mut out, mut left) = (Vec::new(), text.as_bytes());
        for cut in cuts.iter().cycle() {
            if left.is_empty() {
                break;
            }
            let (piece, rest) = left.split_at((*cut).min(left.len()));
            out.extend(stream.push(piece));
            left = rest;
        }
        out.extend(stream.finish());
        out
    }

    proptest! {
        /// Wherever an output is cut, it becomes what it becomes in one piece, and no secret is seen in it.
        #[test]
        fn pieces_reveal_no_more_than_the_whole(
            secrets in proptest::collection::vec("[ab]{3,9}|[a-c\"/ ]{6,12}\n[a-c]{6,9}", 1..4),
            parts in proptest::collection::vec((0..6_usize, "[abc \n]{0,5}"), 0..12),
            cuts in proptest::collection::vec(1..7_usize, 1..40),
        ) {
            let masker = Masker::new(secrets.iter().map(String::as_str));
            let mut text = String::new();
            for (which, between) in parts {
                let secret = &secrets[which % secrets.len()];
                match which {
                    0 | 1 => text.push_str(secret),
                    2 => text.push_str(&STANDARD.encode(secret)),
                    3 => text.push_str(&serde_json::Value::from(secret.as_str()).to_string()),
                    4 => text.push_str(&STANDARD.encode(format!("u:{secret}@h"))),
                    _ => {}
                }
                text.push_str(&between);
            }
            let whole = masker.text(&text);
            let out = passed(&masker, &text, &cuts);
            prop_assert_eq!(String::from_utf8_lossy(&out), whole.as_str());
            for form in masker.forms.iter().filter(|form| !HIDDEN.contains(form.as_str())) {
                // Around a mark two halves may meet that look like one by chance; what was never cut out is not there.
                prop_assert!(whole.split(HIDDEN).all(|part| !part.contains(form.as_str())), "{form:?} is in {whole:?}");
            }
        }

        /// Secrets may overlap as they like: what is seen is what is part of none, and every byte of it.
        #[test]
        fn what_is_seen_is_what_is_part_of_no_secret(
            secrets in proptest::collection::vec("[ab]{6,9}", 1..5),
            text in "[ab]{0,80}|[a-c]{0,80}",
            cuts in proptest::collection::vec(1..9_usize, 1..40),
        ) {
            let masker = Masker::new(secrets.iter().map(String::as_str));
            let mut hidden = vec![false; text.len()];
            for form in masker.forms.iter() {
                for at in (0..text.len()).filter(|&at| text[at..].starts_with(form.as_str())) {
                    hidden[at..at + form.len()].fill(true);
                }
            }
            let seen: String = text.chars().zip(&hidden).filter(|(_, hidden)| !**hidden).map(|(seen, _)| seen).collect();
            let blank: String =
                text.chars().zip(&hidden).map(|(seen, hidden)| if *hidden { '*' } else { seen }).collect();
            prop_assert_eq!(masker.blank(&text), blank);
            let out = passed(&masker, &text, &cuts);
            let out = String::from_utf8(out).expect("it was text");
            prop_assert_eq!(out.replace('*', ""), seen);
            prop_assert_eq!(out, masker.text(&text));
        }
    }
}
