use indexmap::IndexMap;

use super::resolver::Resolver;
use super::text::{Site, beginning};
use crate::ast;
use crate::diagnostic::codes::services::{BAD_DEVICE, BAD_SECURITY_OPTION, BAD_SYSCTL};
use crate::diagnostic::{Diagnostic, listed, near};
use crate::model::{Device, Gpus, Privileges, SecurityOption, Text, WhichGpus};
use crate::source::Spanned;

/// Kernel parameters that a container has for itself, besides those below `net.` and `fs.mqueue.`; as runc has them.
const OWN_SYSCTLS: &[&str] = &[
    "kernel.domainname",
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shm_rmid_forced",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
];

/// What an option of a security module may begin with.
const SECURITY_OPTIONS: &[&str] = &["apparmor", "label", "no-new-privileges", "seccomp", "systempaths"];

impl Resolver<'_> {
    /// What a container may do besides what all containers may.
    pub fn privileges(&mut self, written: &ast::Privileges, site: Site<'_>) -> Privileges {
        let security = written.security.iter().filter_map(|option| self.security_option(option, site)).collect();
        // A later line of a key replaces an earlier one, which a template may have given.
        let sysctls: IndexMap<&str, &ast::KeyValue> =
            written.sysctls.iter().map(|line| (line.key.value.as_str(), line)).collect();
        for line in sysctls.values() {
            self.sysctl(&line.key);
        }
        Privileges {
            privileged: written.privileged.is_some_and(|on| on.value),
            capabilities: written.capabilities.iter().map(|it| (it.name.value.clone(), it.add)).collect(),
            security,
            sysctls: sysctls.into_iter().map(|(key, line)| (key.to_owned(), self.text(&line.value, site))).collect(),
            devices: written.devices.iter().map(|device| self.device(device, site)).collect(),
            gpus: written.gpus.as_ref().map(|gpus| self.gpus(gpus, site)),
        }
    }

    fn security_option(&mut self, written: &Spanned<String>, site: Site<'_>) -> Option<SecurityOption> {
        let text = self.text(written, site);
        let Some(literal) = text.as_literal() else { return Some(SecurityOption::Plain(text)) };
        let (name, value) = match literal.find(['=', ':']) {
            Some(at) => (&literal[..at], Some(&literal[at + 1..])),
            None => (literal, None),
        };
        match (name, value) {
            ("seccomp", Some(value)) if !matches!(value, "unconfined" | "builtin" | "") => {
                let file = Spanned::new(value.to_owned(), written.span);
                let is_there = self.file_is_there(&file, "seccomp profile");
                return is_there.then(|| SecurityOption::SeccompProfile(value.into()));
            }
            ("systempaths", Some("unconfined")) => return Some(SecurityOption::OpenSystemPaths),
            ("no-new-privileges", None | Some("true" | "false")) => return Some(SecurityOption::Plain(text)),
            ("seccomp" | "apparmor" | "label", Some(value)) if !value.is_empty() => {
                return Some(SecurityOption::Plain(text));
            }
            _ => {}
        }
        let diagnostic = Diagnostic::new(BAD_SECURITY_OPTION, format!("`{literal}` is no security option"))
            .label(written.span, "unknown option")
            .note(
                "the options are `no-new-privileges`, `seccomp=`, `apparmor=`, `label=` and `systempaths=unconfined`",
            );
        let meant = near(name, SECURITY_OPTIONS.iter().copied());
        let diagnostic = match (name, meant.as_slice()) {
            ("systempaths", _) => {
                let whole = "\"systempaths=unconfined\"";
                diagnostic.help(format!("write `{whole}`")).fix(format!("write {whole}"), written.span, whole)
            }
            ("no-new-privileges", _) => {
                diagnostic.help("write `no-new-privileges`").fix("write it alone", written.span, "no-new-privileges")
            }
            ("seccomp" | "apparmor" | "label", _) => diagnostic.help(format!("write its value: `\"{name}=…\"`")),
            (_, [only]) => {
                let whole = format!("\"{only}{}\"", &literal[name.len()..]);
                diagnostic.help(format!("write `{whole}`")).fix(format!("write {whole}"), written.span, whole)
            }
            _ => diagnostic.help("take it away, or write one of the options"),
        };
        self.report(diagnostic);
        None
    }

    /// Tells of a parameter that is the whole machine's: the engine would refuse to start the container.
    fn sysctl(&mut self, key: &Spanned<String>) {
        let name = key.value.replace('/', ".");
        if name.starts_with("net.") || name.starts_with("fs.mqueue.") || OWN_SYSCTLS.contains(&name.as_str()) {
            return;
        }
        let diagnostic =
            Diagnostic::new(BAD_SYSCTL, format!("no container has a kernel parameter `{}` of its own", key.value))
                .label(key.span, "the whole machine's")
                .note(format!("a container has its own `net.…` and `fs.mqueue.…`, and {}", listed(OWN_SYSCTLS, "and")));
        let meant = near(&name, OWN_SYSCTLS.iter().copied());
        self.report(match (name.as_str(), meant.as_slice()) {
            ("kernel.hostname", _) => diagnostic.help("write `hostname NAME` instead"),
            (_, [only]) => diagnostic.help(format!("write `{only}`")).suggestion("write it so", key.span, *only),
            _ => diagnostic.help(format!("set it on the engine's machine: `sysctl -w {}=…`", key.value)),
        });
    }

    fn device(&mut self, device: &ast::Device, site: Site<'_>) -> Device {
        let source = self.text(&device.source, site);
        if let Some(begins) = beginning(&source, &device.source) {
            let parts: Vec<&str> = device.source.value.split(':').collect();
            if let ([path, rest @ ..], true) = (parts.as_slice(), begins.starts_with('/') && parts.len() > 1) {
                self.device_with_colons(&device.source, path, rest);
            } else if !begins.starts_with('/') {
                let absolute = format!("\"/dev/{}\"", device.source.value.trim_start_matches("dev/"));
                self.report(
                    Diagnostic::new(BAD_DEVICE, "a device is an absolute path of the host")
                        .label(device.source.span, "does not begin with `/`")
                        .help(format!("write `{absolute}`"))
                        .suggestion("write the whole path", device.source.span, absolute),
                );
            }
        }
        let target = match &device.target {
            Some(written) => {
                let target = self.text(written, site);
                self.must_be_absolute(&target, written, "the place of a device");
                target
            }
            None => source.clone(),
        };
        let permissions = device.permissions.as_ref().map_or("rwm", |permissions| permissions.value.as_str());
        if let Some(written) = device.permissions.as_ref().filter(|_| !are_permissions(permissions)) {
            self.report(
                Diagnostic::new(BAD_DEVICE, format!("`{permissions}` are no permissions of a device"))
                    .label(written.span, "not of `r`, `w` and `m`")
                    .help("write letters of `rwm`, each once: `permissions=rw`"),
            );
        }
        Device { source, target, permissions: permissions.to_owned() }
    }

    /// `"/dev/a:/dev/b:rw"`, as compose and `docker run --device` write it.
    fn device_with_colons(&mut self, written: &Spanned<String>, path: &str, rest: &[&str]) {
        let mut line = format!("\"{path}\"");
        for part in rest {
            match part.starts_with('/') {
                true => line.push_str(&format!(" \"{part}\"")),
                false => line.push_str(&format!(" permissions={part}")),
            }
        }
        self.report(
            Diagnostic::new(BAD_DEVICE, "the parts of a device are words of their own")
                .label(written.span, "parts joined by `:`")
                .help(format!("write `device {line}`"))
                .suggestion("write the parts as words", written.span, line),
        );
    }

    fn gpus(&mut self, gpus: &ast::Gpus, site: Site<'_>) -> Gpus {
        let capabilities = gpus.capabilities.as_ref().map_or("gpu", |words| words.value.as_str());
        let texts = |resolver: &mut Self, ids: &[Spanned<String>]| -> Vec<Text> {
            ids.iter().map(|id| resolver.text(id, site)).collect()
        };
        Gpus {
            which: match &gpus.which {
                ast::WhichGpus::All => WhichGpus::All,
                ast::WhichGpus::Count(count) => WhichGpus::Count(*count),
                ast::WhichGpus::Devices(ids) => WhichGpus::Devices(texts(self, ids)),
            },
            driver: self.optional_text(gpus.driver.as_ref(), site),
            capabilities: capabilities.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

/// Whether these are some of `r`, `w` and `m`, each once.
fn are_permissions(text: &str) -> bool {
    let once = |c: char| text.matches(c).count() == 1 && "rwm".contains(c);
    !text.is_empty() && text.chars().all(once)
}

#[cfg(test)]
mod tests {
    use super::are_permissions;

    #[test]
    fn permissions_are_letters_each_once() {
        assert!(["r", "rw", "rwm", "mr"].into_iter().all(are_permissions));
        assert!(!["", "rr", "x", "rwx", "r w"].into_iter().any(are_permissions));
    }
}
