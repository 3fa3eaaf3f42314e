use indexmap::IndexMap;

use super::resolver::Resolver;
use super::text::{Site, beginning};
use crate::ast::{self, ContainerSettings};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::images::{BAD_IMAGE_REFERENCE, UNTAGGED_IMAGE};
use crate::diagnostic::codes::services::{BAD_PLATFORM, RELATIVE_CONTAINER_PATH};
use crate::diagnostic::codes::shape::NO_EFFECT;
use crate::model::{
    Container, EnvValue, ImageReference, ImageUse, JoinedNetwork, NameKind, Piece, ReferenceError, ReferenceErrorKind,
    Stop, Text,
};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    /// A container of merged settings; `None` where it has no image, or one that cannot be had.
    pub fn container(&mut self, settings: &ContainerSettings, site: Site<'_>, init: bool) -> Option<Container> {
        let image = settings.image.as_ref().map(|image| self.image_use(image));
        let env = self.environment(settings, site);
        let command = self.command(settings, site);
        let entrypoint =
            settings.entrypoint.as_ref().map(|words| words.words.iter().map(|word| self.text(word, site)).collect());
        let workdir = self.optional_text(settings.workdir.as_ref(), site);
        if let (Some(text), Some(written)) = (&workdir, &settings.workdir) {
            self.must_be_absolute(text, written, "a working directory");
        }
        let user = self.optional_text(settings.user.as_ref(), site);
        let mounts = self.mounts(&settings.mounts, site);
        let networks = self.joined_networks(&settings.networks, site);
        let hostname = self.optional_text(settings.hostname.as_ref(), site);
        if let (Some(written), Some(_)) = (&settings.hostname, hostname.as_ref().and_then(Text::as_literal)) {
            self.host_name(written, "a host");
        }
        self.user(user.as_ref());
        let files = self.files(settings, &mounts, site);
        let platform = settings.platform.as_ref().and_then(|platform| self.platform(platform));
        if let (Some(pull), Some(Some(Spanned { value: ImageUse::Declared(name), span }))) = (&settings.pull, &image) {
            self.report(
                Diagnostic::new(NO_EFFECT, format!("`pull` has no effect on the declared image `{name}`"))
                    .label(pull.span, "no effect")
                    .label(*span, "declared in this file")
                    .help("write the policy where the image is declared: `pull \"REFERENCE\" policy=always`, `build . pull=#true`"),
            );
        }
        let labels = self.key_values(&settings.labels, site);
        let stop = settings.stop.as_ref();
        let limits = self.limits(settings);
        let privileges = self.privileges(&settings.privileges, site);
        let dns = self.dns(&settings.dns);
        Some(Container {
            image: image??,
            command,
            entrypoint,
            env,
            workdir,
            user,
            mounts,
            networks,
            isolated: settings.isolated.is_some(),
            hostname,
            init: settings.init.as_ref().map_or(init, |init| init.value),
            read_only: settings.read_only.as_ref().is_some_and(|read_only| read_only.value),
            stop: Stop { signal: stop.and_then(|stop| stop.signal.clone()), grace: stop.and_then(|stop| stop.grace) },
            labels,
            timeout: settings.timeout,
            limits,
            privileges,
            dns,
            files,
            platform,
            pull: settings.pull,
            tty: settings.tty.as_ref().is_some_and(|tty| tty.value),
        })
    }

    /// Networks with their aliases, each network once.
    fn joined_networks(&mut self, written: &[ast::JoinedNetwork], site: Site<'_>) -> Vec<JoinedNetwork> {
        let mut joined: IndexMap<String, JoinedNetwork> = IndexMap::new();
        for network in written {
            let Some(name) = self.refer(NameKind::Network, &network.name) else { continue };
            let mut aliases = Vec::new();
            for alias in &network.aliases {
                let text = self.text(alias, site);
                if text.as_literal().is_some() {
                    self.host_name(alias, "a host");
                }
                aliases.push(text);
            }
            let known = joined.entry(network.name.value.clone());
            known.or_insert_with(|| JoinedNetwork { name, aliases: Vec::new() }).aliases.extend(aliases);
        }
        joined.into_values().collect()
    }

    /// `os/architecture[/variant]`.
    fn platform(&mut self, written: &Spanned<String>) -> Option<Spanned<String>> {
        let platform = self.known(written)?;
        let is_part =
            |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
        let parts: Vec<&str> = platform.value.split('/').collect();
        if (2..=3).contains(&parts.len()) && parts.iter().all(|part| is_part(part)) {
            return Some(platform);
        }
        let diagnostic = Diagnostic::new(BAD_PLATFORM, format!("`{}` is no platform", platform.value))
            .label(platform.span, "not `os/architecture`");
        let known = ["amd64", "arm64", "arm", "386", "ppc64le", "riscv64", "s390x"];
        let meant = match platform.value.as_str() {
            "x86_64" | "x86-64" | "x64" => Some("amd64"),
            "aarch64" => Some("arm64"),
            other => known.into_iter().find(|known| *known == other),
        };
        self.report(match meant {
            Some(meant) => {
                let whole = format!("\"linux/{meant}\"");
                diagnostic.help(format!("write `{whole}`")).suggestion("write it in full", platform.span, whole)
            }
            None => {
                diagnostic.help("write an operating system and an architecture: `\"linux/amd64\"`, `\"linux/arm/v7\"`")
            }
        });
        None
    }

    /// What `image NAME` means: a declared image, else a reference to a registry that carries a tag or a digest.
    pub fn image_use(&mut self, written: &Spanned<String>) -> Option<Spanned<ImageUse>> {
        if self.declared.has(NameKind::Image, &written.value) {
            let name = self.refer(NameKind::Image, written)?;
            return Some(name.map(ImageUse::Declared));
        }
        let known = self.known(written)?;
        let bare = !known.value.contains(['/', ':', '@', '.']);
        if bare && written.value == known.value {
            let mut unknown = self.declared.unknown(NameKind::Image, written);
            let both = format!(
                "declare it: `image {0} {{ build . }}`, or name an image of a registry with its tag: `image \"{0}:TAG\"`",
                written.value
            );
            unknown.help = Some(match unknown.help {
                Some(guess) if guess.starts_with("did you mean") => format!("{guess} Else {both}"),
                _ => both,
            });
            self.report(unknown);
            return None;
        }
        let reference = self.reference(&known, &written.value)?;
        Some(Spanned::new(ImageUse::Reference(reference), written.span))
    }

    /// A reference to a registry; `written` is the text before its holes were filled.
    pub fn reference(&mut self, known: &Spanned<String>, written: &str) -> Option<ImageReference> {
        match ImageReference::parse(&known.value) {
            Ok(reference) if reference.tag().is_none() && reference.digest().is_none() => {
                self.report(
                    Diagnostic::new(UNTAGGED_IMAGE, format!("`{reference}` has neither a tag nor a digest"))
                        .label(known.span, "which version?")
                        .help(format!("name its tag: `\"{reference}:TAG\"`"))
                        .note("without a tag a registry gives whatever it calls `latest` that day"),
                );
                None
            }
            Ok(reference) => Some(reference),
            Err(error) => {
                let span = if known.value == written { self.inside(known, error.at.clone()) } else { known.span };
                self.report(bad_reference(&known.value, &error, span));
                None
            }
        }
    }

    pub fn environment(&mut self, settings: &ContainerSettings, site: Site<'_>) -> IndexMap<String, EnvValue> {
        let mut env = IndexMap::new();
        for file in &settings.env_files {
            self.env_file(file, &mut env);
        }
        // A later line of a key replaces an earlier one, which a template may have given; only what stays is looked at.
        let last: IndexMap<&str, &ast::EnvEntry> =
            settings.env.iter().map(|entry| (entry.key.value.as_str(), entry)).collect();
        for (key, entry) in last {
            self.variable_name(&entry.key);
            let value = match &entry.value {
                ast::EnvValue::Text(text) => Some(EnvValue::Text(self.text(text, site))),
                ast::EnvValue::Secret(name) => self.secret_use(name).map(EnvValue::Secret),
                ast::EnvValue::Param => self.param_variable(&entry.key).map(EnvValue::Text),
            };
            if let Some(value) = value {
                env.insert(key.to_owned(), value);
            }
        }
        env
    }

    /// `env { KEY }`: the value of the param of that name.
    fn param_variable(&mut self, key: &Spanned<String>) -> Option<Text> {
        let name = self.refer(NameKind::Param, key)?;
        if !self.params.contains_key(&name.value) {
            self.unset_param(&key.value, key.span);
            return None;
        }
        Some(Text { pieces: vec![Piece::Hole(crate::model::Hole::Param(name.value))], span: key.span })
    }

    /// Tells of a path in a container that does not begin with `/`. One that begins with a hole may be anything.
    pub fn must_be_absolute(&mut self, text: &Text, written: &Spanned<String>, what: &str) {
        let Some(begins) = beginning(text, written) else { return };
        if begins.starts_with('/') {
            return;
        }
        let mended = format!("\"/{}\"", written.value.trim_start_matches("./"));
        self.report(
            Diagnostic::new(RELATIVE_CONTAINER_PATH, format!("{what} is an absolute path in the container"))
                .label(written.span, "does not begin with `/`")
                .help(format!("write `{mended}`")),
        );
    }
}

/// What to say of a text that is no image reference.
pub(super) fn bad_reference(text: &str, error: &ReferenceError, span: Span) -> Diagnostic {
    let (label, help) = match error.kind {
        ReferenceErrorKind::Empty => ("nothing here", "name an image: `\"mariadb:10.11\"`".to_owned()),
        ReferenceErrorKind::UpperCase => ("upper-case letters", format!("write `\"{}\"`", lower(text, error))),
        ReferenceErrorKind::Path => (
            "not a part of a path",
            "write lower-case letters and digits, joined by `.`, `_` or `-`: `\"team/my-app:1.2\"`".to_owned(),
        ),
        ReferenceErrorKind::Registry => ("not a registry", "write the registry as `host` or `host:port`".to_owned()),
        ReferenceErrorKind::Tag => (
            "not a tag",
            "write a tag of 1 to 128 letters, digits, `_`, `.` and `-` that begins with none of the last two"
                .to_owned(),
        ),
        ReferenceErrorKind::Digest => {
            ("not a digest", "write a digest as `@sha256:` and 64 hexadecimal digits".to_owned())
        }
        ReferenceErrorKind::TooLong => ("more than 255 bytes", "shorten the name".to_owned()),
    };
    let (label, help) = match shell_variable(text) {
        Some((variable, name)) => (
            "a variable of another tool",
            format!("declare `param {name} env={variable}`, and write `\"{}\"`", with_hole(text, variable, &name)),
        ),
        None => (label, help),
    };
    Diagnostic::new(BAD_IMAGE_REFERENCE, format!("`{text}` is no image reference"))
        .label(span, label)
        .help(help)
        .note("an image reference is `[registry/]path[:tag][@digest]`")
}

/// The variable of `image:${TAG}` or `image:$TAG`, and what a param of that meaning would be called.
fn shell_variable(text: &str) -> Option<(&str, String)> {
    let (_, after) = text.split_once('$')?;
    let after = after.strip_prefix('{').unwrap_or(after);
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
    (end > 0).then(|| (&after[..end], after[..end].to_lowercase().replace('_', "-")))
}

/// `text` with `{{name}}` for its shell variable.
fn with_hole(text: &str, variable: &str, name: &str) -> String {
    let start = text.find('$').unwrap_or(text.len());
    let rest = &text[start..];
    let length = if rest.starts_with("${") { rest.find('}').map(|at| at + 1) } else { None };
    let length = length.unwrap_or(1 + variable.len()).min(rest.len());
    format!("{}{{{{{name}}}}}{}", &text[..start], &rest[length..])
}

fn lower(text: &str, error: &ReferenceError) -> String {
    let (before, rest) = text.split_at(error.at.start);
    let name_end = rest.find([':', '@']).unwrap_or(rest.len());
    format!("{before}{}{}", rest[..name_end].to_lowercase(), &rest[name_end..])
}
