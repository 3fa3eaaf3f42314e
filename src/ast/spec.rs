use std::borrow::Borrow;

use super::reader::Reader;
use super::{
    Acceptance, Annotated, Header, Image, Include, Network, Param, Runnable, Secret, Service, Stage, Template, Volume,
    shape,
};
use crate::diagnostic::codes::names::MISPLACED_HEADER;
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::source::{Files, Spanned};
use crate::syntax::Document;

/// A pipeline as its author wrote it. Declarations keep the order of their file, and files the order in which they were taken in,
/// the pipeline's own first; two of one name both stand here.
///
/// A declaration whose name is missing is left out, since nothing can refer to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spec {
    /// The `pipeline` node of the pipeline's own file; the first where there are several.
    pub header: Option<Header>,
    /// `include "FILE"`; what they lead to stands among the rest.
    pub includes: Vec<Include>,
    /// `param NAME`.
    pub params: Vec<Param>,
    /// `secret NAME`.
    pub secrets: Vec<Secret>,
    /// `image NAME`.
    pub images: Vec<Image>,
    /// `volume NAME`.
    pub volumes: Vec<Volume>,
    /// `network NAME`.
    pub networks: Vec<Network>,
    /// `template NAME`.
    pub templates: Vec<Template>,
    /// `service NAME`, `stage NAME` and `acceptance NAME`.
    pub runnables: Vec<Runnable>,
    /// Strings whose author says which language is in them, where nothing else says it: neither scripts nor what is JSON or an
    /// expression by its place.
    pub annotated: Vec<Annotated>,
    /// What is written and right and cannot be run by this version, one diagnostic each: `pipe check` is silent about it, and whoever
    /// would run it refuses.
    pub not_run: Diagnostics,
}

/// What `documents` say together, and everything about them that the schema table does not allow. Total: what is broken is left
/// out. The first document is that of the pipeline's own file, the others are those that it includes.
pub fn decode<D: Borrow<Document>>(documents: &[D], files: &Files) -> (Spec, Diagnostics) {
    let mut spec = Spec::default();
    let mut found = Diagnostics::new();
    for (index, document) in documents.iter().map(Borrow::borrow).enumerate() {
        for node in &document.nodes {
            spec.take(Reader::new(node, files), files, index == 0, &mut found);
        }
        let checked = shape::check(document, files);
        spec.not_run.extend(checked.not_run);
        spec.annotated.extend(checked.annotated);
        found.extend(checked.found);
    }
    (spec, found)
}

impl Spec {
    fn take(&mut self, node: Reader<'_>, files: &Files, is_root: bool, found: &mut Diagnostics) {
        match node.name().value.as_str() {
            "pipeline" if !is_root => found.push(self.second_header(node, files)),
            "include" => self.includes.push(Include::decode(node)),
            "pipeline" if self.header.is_none() => self.header = Some(Header::decode(node)),
            "param" => self.params.extend(Param::decode(node)),
            "secret" => self.secrets.extend(Secret::decode(node)),
            "image" => self.images.extend(Image::decode(node)),
            "volume" => self.volumes.extend(Volume::decode(node)),
            "network" => self.networks.extend(Network::decode(node)),
            "template" => self.templates.extend(Template::decode(node)),
            "service" => self.runnables.extend(Service::decode(node).map(Runnable::Service)),
            "stage" => self.runnables.extend(Stage::decode(node).map(Runnable::Stage)),
            "acceptance" => self.runnables.extend(Acceptance::decode(node).map(Runnable::Acceptance)),
            _ => {}
        }
    }

    /// How the header weighs codes.
    pub fn lint(&self) -> &[(Level, Spanned<String>)] {
        self.header.as_ref().map_or(&[], |header| &header.lint)
    }

    /// Whether nothing is declared, and nothing else taken in.
    pub fn is_empty(&self) -> bool {
        *self == Spec { not_run: self.not_run.clone(), ..Spec::default() }
    }

    /// What to say of a header in a file that another one includes.
    fn second_header(&self, node: Reader<'_>, files: &Files) -> Diagnostic {
        let diagnostic = Diagnostic::new(MISPLACED_HEADER, "an included file has no header of its own")
            .label(node.name().span, "in an included file");
        let diagnostic = match &self.header {
            Some(header) => {
                let name = header.name.as_ref().map_or(header.span, |name| name.span);
                diagnostic.label(name, "the pipeline's header")
            }
            None => diagnostic,
        };
        diagnostic
            .help("take it away, and write what holds for all of the pipeline in the header of its own file")
            .suggestion("take the header away", files.get(node.span().file).with_lines(node.span()), "")
    }
}
