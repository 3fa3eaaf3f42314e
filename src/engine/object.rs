use std::collections::BTreeMap;

/// Something that an engine keeps and that can be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its id; a volume's name.
    pub id: String,
    /// Its name; an image's first tag, or empty.
    pub name: String,
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// Seconds since 1970; 0 where the engine does not say.
    pub created: i64,
    /// Bytes; 0 where the engine does not say.
    pub size: u64,
    /// `running`, `exited`…, for containers.
    pub status: String,
}

/// The kinds of objects, in the order in which they can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A container.
    Container,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// An image.
    Image,
}

impl Object {
    /// The value of a label.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl ObjectKind {
    /// The word.
    pub fn as_str(&self) -> &'static str {
        match self {
            ObjectKind::Container => "container",
            ObjectKind::Network => "network",
            ObjectKind::Volume => "volume",
            ObjectKind::Image => "image",
        }
    }

    /// `2 containers, 1 network`.
    pub fn counted(kinds: impl IntoIterator<Item = ObjectKind>) -> String {
        let mut counts: BTreeMap<ObjectKind, usize> = BTreeMap::new();
        for kind in kinds {
            *counts.entry(kind).or_default() += 1;
        }
        let counted = |(kind, count): (&ObjectKind, &usize)| {
            format!("{count} {}{}", kind.as_str(), if *count == 1 { "" } else { "s" })
        };
        counts.iter().map(counted).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_counted_by_kind_in_the_order_of_their_removal() {
        let kinds = [ObjectKind::Network, ObjectKind::Container, ObjectKind::Container];
        assert_eq!(ObjectKind::counted(kinds), "2 containers, 1 network");
        assert_eq!(ObjectKind::counted([]), "");
    }
}
