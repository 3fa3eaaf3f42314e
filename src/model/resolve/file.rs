use std::collections::HashMap;

use indexmap::IndexMap;

use super::resolver::Resolver;
use super::text::Site;
use crate::ast::{self, ContainerSettings};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::{BAD_FILE_MODE, UNPLACEABLE_FILE};
use crate::model::{FileContent, Mount, PutFile, Text};
use crate::source::{Span, Spanned};

/// The permissions of a file where nobody says.
const MODE: u32 = 0o644;
/// The permissions of a secret where nobody says: whoever the program runs as can read it.
const SECRET_MODE: u32 = 0o444;

impl Resolver<'_> {
    /// The files that are put into a container, one each path: a later one replaces an earlier one, which a template may have given.
    pub fn files(&mut self, settings: &ContainerSettings, mounts: &[Mount], site: Site<'_>) -> Vec<PutFile> {
        let mut files: IndexMap<String, PutFile> = IndexMap::new();
        for file in &settings.files {
            let Some(put) = self.put_file(file, site) else { continue };
            files.insert(put.path.to_string(), put);
        }
        let read_only = settings.read_only.as_ref().filter(|on| on.value).map(|on| on.span);
        let mounted = mounted(mounts);
        for put in files.values() {
            self.must_be_seen(put, &mounted, read_only);
        }
        files.into_values().collect()
    }

    fn put_file(&mut self, file: &ast::File, site: Site<'_>) -> Option<PutFile> {
        let (content, default, mode) = match &file.content {
            ast::FileContent::Text(text) => (FileContent::Text(self.text(text, site)), None, MODE),
            ast::FileContent::Secret(name) => {
                let default = Text::literal(format!("/run/secrets/{}", name.value), name.span);
                (FileContent::Secret(self.secret_use(name)?), Some(default), SECRET_MODE)
            }
        };
        let path = match &file.path {
            Some(written) => {
                let path = self.text(written, site);
                self.must_be_absolute(&path, written, "the place of a file");
                path
            }
            None => default?,
        };
        let owner = self.optional_text(file.user.as_ref(), site);
        self.user(owner.as_ref());
        Some(PutFile {
            path,
            content,
            mode: file.mode.as_ref().map_or(mode, |mode| self.mode(mode)),
            owner,
            span: file.span,
        })
    }

    fn mode(&mut self, written: &Spanned<String>) -> u32 {
        let digits = written.value.strip_prefix("0o").unwrap_or(&written.value);
        let is_octal = (3..=5).contains(&digits.len()) && digits.bytes().all(|b| (b'0'..=b'7').contains(&b));
        match u32::from_str_radix(digits, 8) {
            Ok(mode) if is_octal && mode <= 0o7777 => mode,
            _ => {
                self.report(
                    Diagnostic::new(BAD_FILE_MODE, format!("`{}` are no permissions of a file", written.value))
                        .label(written.span, "not octal digits")
                        .help("write three or four octal digits: `mode=\"0600\"` is its owner's alone"),
                );
                0
            }
        }
    }

    /// Tells of a file that nobody would see, or that could not be put; `mounted` are the places that hide what lies below them.
    fn must_be_seen(&mut self, put: &PutFile, mounted: &HashMap<&str, (&str, Span)>, read_only: Option<Span>) {
        let Some(path) = put.path.as_literal() else { return };
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        if let Some((what, span)) = ends.filter_map(|end| mounted.get(&path[..end])).next() {
            self.report(
                Diagnostic::new(UNPLACEABLE_FILE, format!("at the place of this file is mounted {what}"))
                    .label(put.path.span, "put below it")
                    .label(*span, "mounted here")
                    .help("put the file elsewhere, or take the mount away"),
            );
        }
        let at_root = path.trim_end_matches('/').rfind('/').is_none_or(|slash| slash == 0);
        if let Some(span) = read_only.filter(|_| at_root) {
            self.report(
                Diagnostic::new(UNPLACEABLE_FILE, "the root directory of a read-only container takes no file")
                    .label(put.path.span, "at the root")
                    .label(span, "read-only")
                    .help("put it into a directory: `\"/etc/app.conf\"`"),
            );
        }
    }
}

/// Where what lies in the container is not seen, or is not the container's.
fn mounted(mounts: &[Mount]) -> HashMap<&str, (&str, Span)> {
    let places = mounts.iter().filter_map(|mount| match mount {
        Mount::Tmpfs(mount) => Some(("memory, which is empty at the start", &mount.target)),
        Mount::Bind(mount) => Some(("a path of the host, which it would change", &mount.target)),
        Mount::Volume(_) | Mount::Cache(_) => None,
    });
    places
        .filter_map(|(what, target)| Some((target.as_literal()?.trim_end_matches('/'), (what, target.span))))
        .filter(|(place, _)| !place.is_empty())
        .collect()
}
