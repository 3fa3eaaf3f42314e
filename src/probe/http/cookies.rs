use std::time::{Duration, SystemTime};

use url::{Host, Url};

/// The cookies of one test: a jar by RFC 6265, without the public suffix list, since a test talks to hosts of its own.
#[derive(Debug, Clone, Default)]
pub struct Cookies {
    cookies: Vec<Cookie>,
}

#[derive(Debug, Clone)]
struct Cookie {
    name: String,
    value: String,
    domain: String,
    /// Sent to this very host only.
    host_only: bool,
    path: String,
    secure: bool,
    expires: Option<SystemTime>,
}

/// How many cookies a jar keeps; the oldest goes.
const MOST: usize = 300;

/// How many bytes the name and the value of a cookie have together at most; a larger one is dropped, as browsers do.
const MOST_BYTES: usize = 4096;

impl Cookies {
    /// Takes in a `Set-Cookie` line that `url` answered. One that may not be set is dropped, as the RFC asks.
    pub fn take(&mut self, url: &Url, line: &str, now: SystemTime) {
        let Some(cookie) = parse(url, line, now) else { return };
        let same =
            |other: &Cookie| other.name == cookie.name && other.domain == cookie.domain && other.path == cookie.path;
        let place = self.cookies.iter().position(same);
        let expired = cookie.expires.is_some_and(|end| end <= now);
        match (place, expired) {
            (Some(place), true) => drop(self.cookies.remove(place)),
            (Some(place), false) => self.cookies[place] = cookie,
            (None, true) => {}
            (None, false) => {
                if self.cookies.len() == MOST {
                    self.cookies.remove(0);
                }
                self.cookies.push(cookie);
            }
        }
    }

    /// The value of the `Cookie` header for `url`; empty where there is none. Longer paths go first.
    pub fn header(&self, url: &Url, now: SystemTime) -> String {
        let host = url.host_str().unwrap_or_default();
        let mut wanted: Vec<&Cookie> = self
            .cookies
            .iter()
            .filter(|cookie| {
                (if cookie.host_only { cookie.domain == host } else { in_domain(host, &cookie.domain) })
                    && in_path(url.path(), &cookie.path)
                    && (!cookie.secure || url.scheme() == "https")
                    && cookie.expires.is_none_or(|end| end > now)
            })
            .collect();
        wanted.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = wanted.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        pairs.join("; ")
    }
}

fn parse(url: &Url, line: &str, now: SystemTime) -> Option<Cookie> {
    let mut parts = line.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let host = url.host_str()?;
    let mut cookie = Cookie {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        domain: host.to_owned(),
        host_only: true,
        path: default_path(url.path()),
        secure: false,
        expires: None,
    };
    let mut max_age = None;
    for attribute in parts {
        let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "domain" if !value.is_empty() => {
                cookie.domain = value.trim_start_matches('.').to_ascii_lowercase();
                cookie.host_only = false;
            }
            "path" if value.starts_with('/') => cookie.path = value.to_owned(),
            "secure" => cookie.secure = true,
            "max-age" => max_age = value.parse::<i64>().ok().or(max_age),
            "expires" => cookie.expires = httpdate::parse_http_date(value).ok(),
            _ => {}
        }
    }
    if let Some(seconds) = max_age {
        // A time too far away to be told is no end at all.
        cookie.expires = match u64::try_from(seconds) {
            Ok(seconds) if seconds > 0 => now.checked_add(Duration::from_secs(seconds)),
            _ => Some(SystemTime::UNIX_EPOCH),
        };
    }
    if cookie.name.len() + cookie.value.len() > MOST_BYTES {
        return None;
    }
    let foreign = !cookie.host_only && !in_domain(host, &cookie.domain);
    (!cookie.name.is_empty() && !foreign).then_some(cookie)
}

fn in_domain(host: &str, domain: &str) -> bool {
    let name = matches!(Host::parse(host), Ok(Host::Domain(_)));
    host == domain || (name && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

fn in_path(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'))
}

fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => path[..end].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn after(lines: &[&str], asked: &str) -> String {
        let mut jar = Cookies::default();
        let now = NOW + Duration::from_secs(1_000_000_000);
        for line in lines {
            jar.take(&url("http://app.test/accounts/login"), line, now);
        }
        jar.header(&url(asked), now)
    }

    #[test]
    fn a_cookie_comes_back_to_its_host_and_path() {
        assert_eq!(after(&["s=1; Path=/"], "http://app.test/"), "s=1");
        assert_eq!(after(&["s=1; Path=/"], "http://other.test/"), "");
        assert_eq!(after(&["s=1"], "http://app.test/accounts/x"), "s=1");
        assert_eq!(after(&["s=1"], "http://app.test/accountsx"), "");
        assert_eq!(after(&["a=1; Path=/", "b=2"], "http://app.test/accounts/"), "b=2; a=1");
    }

    #[test]
    fn the_last_value_wins_and_an_expired_one_goes() {
        assert_eq!(after(&["s=1; Path=/", "s=2; Path=/"], "http://app.test/"), "s=2");
        assert_eq!(after(&["s=1; Path=/", "s=; Path=/; Max-Age=0"], "http://app.test/"), "");
        let gone = "s=; Path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT";
        assert_eq!(after(&["s=1; Path=/", gone], "http://app.test/"), "");
        assert_eq!(after(&["s=1; Path=/; Max-Age=9223372036854775807"], "http://app.test/"), "s=1");
    }

    #[test]
    fn a_jar_is_never_full_of_more_than_it_keeps() {
        let mut jar = Cookies::default();
        let page = url("http://app.test/");
        for number in 0..10_000 {
            jar.take(&page, &format!("c{number}={}", "x".repeat(4000)), NOW);
        }
        jar.take(&page, &format!("huge={}", "x".repeat(5000)), NOW);
        let sent = jar.header(&page, NOW);
        assert_eq!(sent.split("; ").count(), MOST);
        assert!(sent.contains("c9999=") && !sent.contains("c9699=") && !sent.contains("huge"));
    }

    #[test]
    fn domains_are_kept_apart() {
        assert_eq!(after(&["s=1; Path=/; Domain=.app.test"], "http://a.app.test/"), "s=1");
        assert_eq!(after(&["s=1; Path=/; Domain=evil.test"], "http://evil.test/"), "");
        assert_eq!(after(&["s=1; Path=/; Secure"], "http://app.test/"), "");
        assert_eq!(after(&["=1", "novalue", ""], "http://app.test/accounts/"), "");
    }
}
