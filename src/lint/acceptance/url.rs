use std::ops::Range;

/// The host of an absolute URL, where it is written out.
pub(super) struct Authority<'a> {
    /// `app`, `127.0.0.1`, `[::1]`.
    pub host: &'a str,
    /// Where the host begins.
    start: usize,
    /// The port, where it is said; else that of the scheme.
    pub port: u16,
    /// Where the path begins.
    pub end: usize,
}

impl<'a> Authority<'a> {
    /// That of `url`; `None` where it is relative, or a name is filled in there.
    pub fn of(url: &'a str) -> Option<Self> {
        let (rest, port) = match url.strip_prefix("http://") {
            Some(rest) => (rest, 80),
            None => (url.strip_prefix("https://")?, 443),
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        if authority.contains("{{") {
            return None;
        }
        let begins = url.len() - rest.len();
        let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let start = begins + authority.len() - host_and_port.len();
        let (host, port) = match host_and_port.rsplit_once(':') {
            Some((host, number)) if !number.contains(']') => (host, number.parse().ok()?),
            _ => (host_and_port, port),
        };
        (!host.is_empty()).then_some(Authority { host, start, port, end: begins + authority.len() })
    }

    /// Where the host stands.
    pub fn host_at(&self) -> Range<usize> {
        self.start..self.start + self.host.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Authority;

    #[test]
    fn the_host_is_found_where_it_is_written_out() {
        let of = |url| Authority::of(url).map(|it| (it.host, it.port, it.end));
        assert_eq!(of("http://app:8000/x"), Some(("app", 8000, 15)));
        assert_eq!(of("https://u:p@a.b?x"), Some(("a.b", 443, 15)));
        assert_eq!(of("http://[::1]/"), Some(("[::1]", 80, 12)));
        assert_eq!((of("/x"), of("http://{{app.host}}/"), of("http://a:x/"), of("http:///")), (None, None, None, None));
        assert_eq!(Authority::of("http://u@app/").map(|it| it.host_at()), Some(9..12));
    }
}
