use std::fmt::{self, Display, Formatter};

use crate::diagnostic::render::printable;

/// A text as it stands between tags and in quoted attributes: nothing in it is markup, and nothing controls anything.
pub struct Escaped<T>(pub T);

impl<T: AsRef<str>> Display for Escaped<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for (index, line) in self.0.as_ref().split('\n').enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            for c in printable(line.as_bytes(), false).chars() {
                match c {
                    '&' => formatter.write_str("&amp;")?,
                    '<' => formatter.write_str("&lt;")?,
                    '>' => formatter.write_str("&gt;")?,
                    '"' => formatter.write_str("&quot;")?,
                    // Neither is a character that a page may hold.
                    '\u{fffe}' | '\u{ffff}' => formatter.write_str("\u{fffd}")?,
                    c => write!(formatter, "{c}")?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_or_controls_anything() {
        let text = "<script>alert(\"x\")</script>\u{1b}[31m & \u{0}\nsecond\u{7}";
        let escaped = Escaped(text).to_string();
        assert_eq!(escaped, "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; \nsecond");
    }
}
