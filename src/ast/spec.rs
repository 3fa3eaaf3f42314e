use super::reader::Reader;
use super::{Acceptance, Header, Image, Network, Param, Runnable, Secret, Service, Stage, Template, Volume, shape};
use crate::diagnostic::Diagnostics;
use crate::source::Files;
use crate::syntax::Document;

/// A pipeline file as its author wrote it. Declarations keep the order of the file; two of one name both stand here.
///
/// A declaration whose name is missing is left out, since nothing can refer to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spec {
    /// The `pipeline` node; the first where there are several.
    pub header: Option<Header>,
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
    /// What is written and right and cannot be run by this version, one diagnostic each: `pipe check` is silent about it, and whoever
    /// would run it refuses.
    pub not_run: Diagnostics,
}

/// What `document` says, and everything about it that the schema table does not allow. Total: what is broken is left out.
pub fn decode(document: &Document, files: &Files) -> (Spec, Diagnostics) {
    let mut spec = Spec::default();
    for node in &document.nodes {
        spec.take(Reader::new(node, files));
    }
    let checked = shape::check(document, files);
    spec.not_run = checked.not_run;
    (spec, checked.found)
}

impl Spec {
    fn take(&mut self, node: Reader<'_>) {
        match node.name().value.as_str() {
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
}
