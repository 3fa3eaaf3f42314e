use std::collections::HashMap;
use std::path::PathBuf;

use indexmap::IndexMap;

use super::resolver::Resolver;
use super::resource::declared_name;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::images::{MISSING_CONTEXT, UNTAGGED_IMAGE};
use crate::diagnostic::codes::names::DUPLICATE_NAME;
use crate::model::{Build, EnvValue, Image, ImageReference, ImageSource, Name, Piece, Text};
use crate::source::{EntryKind, Span, Spanned};

impl Resolver<'_> {
    /// The declared images; one that has no source is left out.
    pub fn images(&mut self) -> IndexMap<Name, Image> {
        let declared: Vec<&ast::Image> = self.declared.images.values().copied().collect();
        let mut images = IndexMap::new();
        for image in declared {
            let source = match &image.source {
                Some(source) => self.image_source(source),
                None => {
                    self.incomplete();
                    None
                }
            };
            let tags = image.tags.iter().map(|tag| self.tag(tag)).collect();
            let name = declared_name(&image.name);
            match source {
                Some(source) => {
                    images.insert(name.value.clone(), Image { name, source, tags, span: image.span });
                }
                None => self.incomplete(),
            }
        }
        images
    }

    fn image_source(&mut self, source: &ast::ImageSource) -> Option<ImageSource> {
        match source {
            ast::ImageSource::Build(build) => self.build(build).map(ImageSource::Build),
            ast::ImageSource::Pull { reference, policy, .. } => {
                let known = self.known(reference)?;
                let parsed = self.reference(&known, &reference.value)?;
                Some(ImageSource::Pull {
                    reference: Spanned::new(parsed, reference.span),
                    policy: policy.map(|policy| policy.value).unwrap_or_default(),
                })
            }
            ast::ImageSource::Import(path) => self.archive(path, "root file system").map(ImageSource::Import),
            ast::ImageSource::Load(path) => self.archive(path, "image archive").map(ImageSource::Load),
        }
    }

    fn archive(&mut self, path: &Spanned<String>, what: &str) -> Option<Spanned<PathBuf>> {
        let path = self.known(path)?;
        self.file_is_there(&path, what).then(|| self.place(&path))
    }

    /// What an image is published as: a reference with a tag, in which holes may stand for any word.
    fn tag(&mut self, written: &Spanned<String>) -> Text {
        let before = self.diagnostics.len();
        let text = self.text(written, Site::Build);
        if self.diagnostics.len() > before {
            return text;
        }
        let word = |piece: &Piece| match piece {
            Piece::Literal(literal) => literal.clone(),
            Piece::Hole(_) => "0".to_owned(),
        };
        let begins_with_hole = matches!(text.pieces.first(), Some(Piece::Hole(_)));
        let guess: String = text.pieces.iter().map(word).collect();
        match ImageReference::parse(&guess) {
            Ok(reference) if reference.digest().is_some() => self.report(
                Diagnostic::new(UNTAGGED_IMAGE, "an image is published under a tag, not under a digest")
                    .label(written.span, "has a digest")
                    .help(format!("write `\"{}:TAG\"`", reference.repository())),
            ),
            // The hole that begins it may hold the tag, too.
            Ok(reference) if reference.tag().is_none() && text.as_literal().is_some() => self.report(
                Diagnostic::new(UNTAGGED_IMAGE, format!("`{reference}` has no tag"))
                    .label(written.span, "published as which version?")
                    .help(format!(
                        "add a tag: `\"{reference}:{{{{version}}}}\"` with a param, or `\"{reference}:1.0\"`"
                    )),
            ),
            Ok(_) => {}
            Err(_) if begins_with_hole => {}
            Err(error) => {
                let span = match text.as_literal() {
                    Some(_) => self.inside(written, error.at.clone()),
                    None => written.span,
                };
                self.report(super::container::bad_reference(&written.value, &error, span));
            }
        }
        text
    }

    fn build(&mut self, build: &ast::Build) -> Option<Build> {
        let context = match &build.context {
            Some(context) => self.known(context).and_then(|context| self.context(context)),
            None => {
                self.incomplete();
                None
            }
        };
        let dockerfile_written = match &build.dockerfile {
            Some(written) => self.known(written),
            None => context.as_ref().map(|context| Spanned::new("Dockerfile".to_owned(), context.span)),
        };
        let target = self.optional_text(build.target.as_ref(), Site::Build);
        let args = self.key_values(&build.args, Site::Build);
        let labels = self.key_values(&build.labels, Site::Build);
        let inline = self.optional_text(build.inline.as_ref(), Site::Build);
        let mut secrets = IndexMap::new();
        for secret in &build.secrets {
            let id = secret.id.as_ref().unwrap_or(&secret.secret);
            if let Some(found) = self.secret_use(&secret.secret) {
                secrets.insert(id.value.clone(), EnvValue::Secret(found));
            }
        }
        let platform = self.optional_text(build.platform.as_ref(), Site::Build);
        let network = build.network.as_ref().map(|network| network.value.clone());
        let cache_from = build.cache_from.iter().map(|reference| self.tag(reference)).collect();
        let contexts = self.contexts(&build.contexts);
        let dockerfile = match (&context, dockerfile_written) {
            (Some(context), Some(written)) => Some(written.map(|path| context.value.join(path))),
            _ => None,
        };
        match (&build.inline, &dockerfile) {
            (Some(inline), _) => self.inline_has_it(build, inline),
            (None, Some(dockerfile)) => self.dockerfile_is_there(build, dockerfile),
            (None, None) => {}
        }
        Some(Build {
            context: context?,
            dockerfile: dockerfile?,
            inline,
            target,
            args,
            labels,
            secrets,
            cache_from,
            inline_cache: build.inline_cache.is_some(),
            contexts,
            pull: build.pull.is_some_and(|pull| pull.value),
            no_cache: build.no_cache.is_some_and(|no_cache| no_cache.value),
            platform,
            network,
            span: build.span,
        })
    }

    /// The further directories of a build, by name.
    fn contexts(&mut self, contexts: &[ast::BuildContext]) -> IndexMap<String, Spanned<PathBuf>> {
        let mut found: IndexMap<String, Spanned<PathBuf>> = IndexMap::new();
        let mut names: HashMap<&str, Span> = HashMap::new();
        for context in contexts {
            if let Some(first) = names.insert(&context.name.value, context.name.span) {
                self.report(
                    Diagnostic::new(DUPLICATE_NAME, format!("`{}` names two contexts", context.name.value))
                        .label(context.name.span, "again")
                        .label(first, "first")
                        .help("give one of them another name"),
                );
            }
            let place = self.known(&context.path).and_then(|path| self.context(path));
            found.extend(place.map(|place| (context.name.value.clone(), place)));
        }
        found
    }

    fn context(&mut self, context: Spanned<String>) -> Option<Spanned<PathBuf>> {
        let place = self.place(&context);
        let (message, label) = match self.inputs.workspace.kind(&place.value) {
            Some(EntryKind::Directory) => return Some(place),
            Some(_) => (format!("build context `{}` is no directory", context.value), "a file"),
            None => (format!("there is no build context `{}`", context.value), "not found"),
        };
        let absolute = self.inputs.workspace.absolute(&place.value);
        self.report(
            Diagnostic::new(MISSING_CONTEXT, message)
                .label(context.span, label)
                .help("write a directory, relative to that of this file: `build .`")
                .note(format!("looked for at `{}`", absolute.display())),
        );
        None
    }

    /// The value where it is known now; nothing is told of where it is not, since that has been done or is no mistake.
    pub fn quietly_known(&mut self, string: &Spanned<String>) -> Option<String> {
        let before = self.diagnostics.clone();
        let references = self.references.len();
        let known = self.known(string);
        self.diagnostics = before;
        self.references.truncate(references);
        known.map(|known| known.value)
    }
}
