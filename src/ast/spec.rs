use super::{Header, Image, Network, Param, Runnable, Secret, Template, Volume};

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
}
