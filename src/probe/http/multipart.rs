/// A body of `multipart/form-data` (RFC 7578) in the making.
#[derive(Debug, Default)]
pub struct Multipart {
    parts: Vec<(String, Vec<u8>)>,
}

impl Multipart {
    /// One without parts.
    pub fn new() -> Self {
        Multipart::default()
    }

    /// Adds a part that is text.
    pub fn field(&mut self, name: &str, value: &str) {
        let head = format!("Content-Disposition: form-data; name=\"{}\"\r\n", quoted(name));
        self.parts.push((head, value.as_bytes().to_vec()));
    }

    /// Adds a part that is a file.
    pub fn file(&mut self, name: &str, filename: &str, content_type: &str, bytes: &[u8]) {
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n",
            quoted(name),
            quoted(filename),
            content_type.replace(['\r', '\n'], " ")
        );
        self.parts.push((head, bytes.to_vec()));
    }

    /// The body and its content type, with a boundary that stands in none of the parts.
    pub fn finish(self) -> (Vec<u8>, String) {
        let is_free = |boundary: &str| {
            !self.parts.iter().any(|(_, body)| body.windows(boundary.len()).any(|window| window == boundary.as_bytes()))
        };
        let boundary = (0_u32..).map(|number| format!("pipe-part-{number:04}")).find(|boundary| is_free(boundary));
        let boundary = boundary.expect("no body holds all of them");
        let mut out = Vec::new();
        for (head, body) in &self.parts {
            out.extend_from_slice(format!("--{boundary}\r\n{head}\r\n").as_bytes());
            out.extend_from_slice(body);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (out, format!("multipart/form-data; boundary={boundary}"))
    }
}

/// As browsers write a name into its header: what would end it is percent-encoded.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_between_boundaries() {
        let mut body = Multipart::new();
        body.field("a\"b", "1\r\n2");
        body.file("f", "x.txt", "text/plain", b"hello");
        let (bytes, kind) = body.finish();
        assert_eq!(kind, "multipart/form-data; boundary=pipe-part-0000");
        assert_eq!(
            String::from_utf8(bytes).expect("text"),
            "--pipe-part-0000\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1\r\n2\r\n\
             --pipe-part-0000\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nhello\r\n--pipe-part-0000--\r\n"
        );
    }

    #[test]
    fn a_boundary_stands_in_no_part() {
        let mut body = Multipart::new();
        body.field("a", "--pipe-part-0000 and pipe-part-0001");
        assert_eq!(body.finish().1, "multipart/form-data; boundary=pipe-part-0002");
    }
}
