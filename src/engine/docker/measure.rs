use std::collections::HashMap;
use std::time::Duration;

use hyper::Method;
use serde::Deserialize;

use super::Docker;
use super::error::within;
use crate::engine::{Object, ObjectKind, Result};

/// How long looking through the disk may take.
const LOOK: Duration = Duration::from_secs(30);

/// What takes space, in the form of API versions up to 1.51 and in the one since.
#[derive(Debug, Default, Deserialize)]
struct Usage {
    #[serde(rename = "Containers", default)]
    containers: Option<Vec<ContainerUsage>>,
    #[serde(rename = "Volumes", default)]
    volumes: Option<Vec<VolumeUsage>>,
    #[serde(rename = "ContainerUsage", default)]
    container_usage: Items<ContainerUsage>,
    #[serde(rename = "VolumeUsage", default)]
    volume_usage: Items<VolumeUsage>,
}

#[derive(Debug, Deserialize)]
struct Items<T> {
    #[serde(rename = "Items", default = "Option::default")]
    items: Option<Vec<T>>,
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Items { items: None }
    }
}

#[derive(Debug, Deserialize)]
struct ContainerUsage {
    #[serde(rename = "Id")]
    id: String,
    /// What it has written; left out where that is nothing.
    #[serde(rename = "SizeRw", default)]
    written: i64,
}

#[derive(Debug, Deserialize)]
struct VolumeUsage {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "UsageData", default)]
    usage: Option<VolumeSize>,
}

#[derive(Debug, Deserialize)]
struct VolumeSize {
    /// -1 where nobody knows.
    #[serde(rename = "Size", default)]
    size: i64,
}

impl Docker {
    /// Fills in the sizes of containers and volumes.
    pub(super) async fn measured(&self, objects: &mut [Object]) -> Result<()> {
        if objects.iter().all(|object| !matches!(object.kind, ObjectKind::Container | ObjectKind::Volume)) {
            return Ok(());
        }
        let operation = "ask what takes space";
        // Versions that do not know the filter look at everything.
        let wanted = [("type", "container"), ("type", "volume"), ("verbose", "1")];
        let asked =
            async { self.road.call(operation, Method::GET, "/system/df", &wanted).await?.next::<Usage>().await };
        let usage = within(operation, LOOK, asked).await?.unwrap_or_default();
        usage.fill(objects);
        Ok(())
    }
}

impl Usage {
    fn fill(self, objects: &mut [Object]) {
        let containers = self.containers.or(self.container_usage.items).unwrap_or_default();
        let volumes = self.volumes.or(self.volume_usage.items).unwrap_or_default();
        let containers = containers.into_iter().map(|it| ((ObjectKind::Container, it.id), it.written));
        let volumes =
            volumes.into_iter().map(|it| ((ObjectKind::Volume, it.name), it.usage.map_or(0, |usage| usage.size)));
        let sizes: HashMap<(ObjectKind, String), i64> = containers.chain(volumes).collect();
        for object in objects {
            if let Some(size) = sizes.get(&(object.kind, object.id.clone())) {
                object.size = u64::try_from(*size).unwrap_or(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(kind: ObjectKind, id: &str) -> Object {
        Object {
            kind,
            id: id.to_owned(),
            name: id.to_owned(),
            labels: Vec::new(),
            created: 0,
            size: 0,
            status: String::new(),
        }
    }

    #[test]
    fn both_forms_of_the_answer_are_read() {
        let old = r#"{"LayersSize":1,"Images":null,"Containers":[{"Id":"c","SizeRw":7,"State":"exited"},{"Id":"d"}],
            "Volumes":[{"Name":"v","UsageData":{"Size":9,"RefCount":1}},{"Name":"w","UsageData":{"Size":-1}},{"Name":"x"}]}"#;
        let new = r#"{"ContainerUsage":{"ActiveCount":1,"Items":[{"Id":"c","SizeRw":7},{"Id":"d"}]},
            "VolumeUsage":{"Items":[{"Name":"v","UsageData":{"Size":9}}]},"ImageUsage":{}}"#;
        for text in [old, new] {
            let mut objects = [
                object(ObjectKind::Container, "c"),
                object(ObjectKind::Container, "d"),
                object(ObjectKind::Volume, "v"),
                object(ObjectKind::Volume, "w"),
                object(ObjectKind::Network, "c"),
            ];
            serde_json::from_str::<Usage>(text).expect("it is of that form").fill(&mut objects);
            assert_eq!(objects.each_ref().map(|object| object.size), [7, 0, 9, 0, 0], "{text}");
        }
        serde_json::from_str::<Usage>("{}").expect("it may be empty").fill(&mut []);
    }
}
