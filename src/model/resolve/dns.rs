use super::resolver::Resolver;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::BAD_HOST_NAME;
use crate::model::{Dns, HostAddress};
use crate::source::Spanned;

impl Resolver<'_> {
    /// How a container finds the addresses of names.
    pub fn dns(&mut self, dns: &ast::Dns) -> Dns {
        let words = |texts: &[Spanned<String>]| {
            texts.iter().flat_map(|text| text.value.split_whitespace()).map(str::to_owned).collect()
        };
        let mut extra_hosts: Vec<(String, HostAddress)> = Vec::new();
        for line in &dns.extra_hosts {
            self.host_name(&line.key, "a host");
            let address = match line.value.value.parse() {
                Ok(address) => HostAddress::Ip(address),
                Err(_) => HostAddress::Gateway,
            };
            extra_hosts.push((line.key.value.clone(), address));
        }
        Dns {
            servers: dns.servers.iter().map(|server| server.value).collect(),
            search: words(&dns.search),
            options: words(&dns.options),
            extra_hosts,
        }
    }

    /// Tells of a text that cannot be the name of a host: labels of letters, digits, `-` and `_`, joined by dots.
    pub fn host_name(&mut self, name: &Spanned<String>, what: &str) {
        if is_host_name(&name.value) {
            return;
        }
        self.report(
            Diagnostic::new(BAD_HOST_NAME, format!("`{}` cannot name {what}", name.value))
                .label(name.span, "no host name")
                .help("write letters, digits and `-`, joined by dots: `\"db.example.com\"`")
                .note("a part between dots has at most 63 characters and neither begins nor ends with `-`"),
        );
    }
}

fn is_host_name(name: &str) -> bool {
    let is_part = |part: &str| {
        (1..=63).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.len() <= 253 && name.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::is_host_name;

    #[test]
    fn host_names_are_parts_joined_by_dots() {
        for name in ["db", "db.example.com", "_dmarc.example.com", "DB-1", "1.2"] {
            assert!(is_host_name(name), "{name}");
        }
        for name in ["", ".", "db.", "-db", "db-", "d b", "db:5432", &"a".repeat(64), "é"] {
            assert!(!is_host_name(name), "{name}");
        }
    }
}
