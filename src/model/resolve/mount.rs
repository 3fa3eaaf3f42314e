use std::collections::HashMap;
use std::path::PathBuf;

use super::resolver::Resolver;
use super::text::Site;
use crate::ast::{self, MountSource};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::{DUPLICATE_MOUNT, MISSING_BIND_SOURCE};
use crate::model::{BindMount, ByteSize, CacheMount, Mount, NameKind, TmpfsMount, VolumeMount};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    /// What is mounted where; two at one place are told of.
    pub fn mounts(&mut self, mounts: &[ast::Mount], site: Site<'_>) -> Vec<Mount> {
        let mut places: HashMap<String, Span> = HashMap::new();
        let mut resolved = Vec::new();
        for mount in mounts {
            let target = self.text(&mount.target, site);
            self.must_be_absolute(&target, &mount.target, "the place of a mount");
            if let Some(literal) = target.as_literal() {
                let place = literal.trim_end_matches('/').to_owned();
                if let Some(first) = places.get(&place).filter(|first| **first != mount.target.span) {
                    self.report(
                        Diagnostic::new(DUPLICATE_MOUNT, format!("two mounts at `{literal}`"))
                            .label(mount.target.span, "again")
                            .label(*first, "first")
                            .help("mount one of them elsewhere, or take it away"),
                    );
                }
                places.insert(place, mount.target.span);
            }
            let read_only = mount.read_only.is_some();
            match &mount.source {
                MountSource::Volume(name) => {
                    let volume = self.refer(NameKind::Volume, name);
                    resolved.extend(volume.map(|volume| Mount::Volume(VolumeMount { volume, target, read_only })));
                }
                MountSource::Bind(path) => {
                    let source = self.bind_source(path);
                    resolved.extend(source.map(|source| Mount::Bind(BindMount { source, target, read_only })));
                }
                MountSource::Cache { name } => {
                    let name = match name {
                        Some(name) => self.text(name, site),
                        None => target.clone(),
                    };
                    resolved.push(Mount::Cache(CacheMount { name, target, read_only }));
                }
                MountSource::Tmpfs { size } => {
                    resolved.push(Mount::Tmpfs(TmpfsMount { target, size: size.map(|size| ByteSize(size.value)) }));
                }
            }
        }
        resolved
    }

    fn bind_source(&mut self, written: &Spanned<String>) -> Option<Spanned<PathBuf>> {
        let path = self.known(written)?;
        if let Some(rest) = path.value.strip_prefix('~') {
            self.report(
                Diagnostic::new(MISSING_BIND_SOURCE, "`~` is not expanded in a path")
                    .label(path.span, "taken as it is")
                    .help(format!(
                        "pass the directory in: `param home env=HOME`, then `mount \"{{{{home}}}}{rest}\" …`"
                    )),
            );
            return None;
        }
        let place = self.place(&path);
        if self.inputs.workspace.kind(&place.value).is_none() {
            let absolute = self.inputs.workspace.absolute(&place.value);
            self.report(
                Diagnostic::new(MISSING_BIND_SOURCE, format!("there is no `{}` to mount", path.value))
                    .label(path.span, "not found")
                    .help("make it, or write a path that is there, relative to the directory of this file")
                    .note(format!("looked for at `{}`", absolute.display()))
                    .note("Docker would make an empty directory there that belongs to root"),
            );
            return None;
        }
        Some(place)
    }
}
