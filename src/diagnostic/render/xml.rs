use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

/// A document of XML, as `write` fills it.
pub(super) fn document(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| write(&mut writer))
        .expect("writing to memory cannot fail");
    String::from_utf8(writer.into_inner()).expect("only text was written") + "\n"
}

/// Without the characters that XML has no way to write, not even escaped.
pub(super) fn allowed(text: &str) -> String {
    let is_allowed = |c: char| (c >= ' ' || matches!(c, '\t' | '\n' | '\r')) && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().map(|c| if is_allowed(c) { c } else { '\u{FFFD}' }).collect()
}
