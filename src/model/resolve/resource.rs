use indexmap::IndexMap;

use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::model::{Name, Network, Text, Volume};
use crate::source::Spanned;

impl Resolver<'_> {
    /// The declared volumes.
    pub fn volumes(&mut self) -> IndexMap<Name, Volume> {
        let declared: Vec<&ast::Volume> = self.declared.volumes.values().copied().collect();
        declared
            .into_iter()
            .map(|volume| {
                let name = declared_name(&volume.name);
                let resolved = Volume {
                    external: self.external(volume.external.as_ref(), &volume.name),
                    driver: self.optional_text(volume.driver.as_ref(), Site::Build),
                    driver_opts: self.key_values(&volume.driver_opts, Site::Build),
                    labels: self.key_values(&volume.labels, Site::Build),
                    name: name.clone(),
                    span: volume.span,
                };
                (name.value, resolved)
            })
            .collect()
    }

    /// The declared networks.
    pub fn networks(&mut self) -> IndexMap<Name, Network> {
        let declared: Vec<&ast::Network> = self.declared.networks.values().copied().collect();
        declared
            .into_iter()
            .map(|network| {
                let name = declared_name(&network.name);
                let resolved = Network {
                    external: self.external(network.external.as_ref(), &network.name),
                    internal: network.internal.is_some(),
                    driver: self.optional_text(network.driver.as_ref(), Site::Build),
                    driver_opts: self.key_values(&network.driver_opts, Site::Build),
                    labels: self.key_values(&network.labels, Site::Build),
                    name: name.clone(),
                    span: network.span,
                };
                (name.value, resolved)
            })
            .collect()
    }

    /// The engine's name of what exists already: the declared name where none is given.
    fn external(&mut self, external: Option<&ast::External>, declared: &Spanned<String>) -> Option<Text> {
        external.map(|external| self.text(external.name.as_ref().unwrap_or(declared), Site::Build))
    }
}

/// A name where it is declared.
pub(super) fn declared_name(name: &Spanned<String>) -> Spanned<Name> {
    Spanned::new(Name::new(name.value.as_str()), name.span)
}
