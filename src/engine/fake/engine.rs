use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;

use super::setup::PLATFORM;
use super::world::{NetworkRecord, VolumeRecord, World, node};
use super::{Fake, Operation};
use crate::engine::{
    Archive, BuildProgress, BuildRequest, Built, Chunk, Contact, ContainerId, ContainerSpec, ContainerState,
    ContainerStatus, Engine, EngineError, EngineInfo, ErrorKind, ExecOutput, ExecRequest, ImageFacts, ImageId,
    MountSpec, NetworkId, NetworkSpec, Object, ObjectKind, OfferedImage, Pieces, PublishedPort, PullProgress, Result,
    Running, Usage, VolumeSpec,
};

const NO_TIME: Duration = Duration::ZERO;

#[async_trait]
impl Engine for Fake {
    async fn info(&self) -> Result<EngineInfo> {
        let effect = |world: &mut World| {
            Ok(EngineInfo {
                address: "fake://".into(),
                version: "0.0.0".into(),
                api_version: world.api_version.clone(),
                platform: PLATFORM.into(),
                cpus: world.cpus,
                direct: false,
                host: Ipv4Addr::LOCALHOST.into(),
            })
        };
        self.perform(Operation::Info, "", NO_TIME, effect).await
    }

    fn contact(&self) -> watch::Receiver<Contact> {
        self.lock().contact.subscribe()
    }

    async fn confirm(&self) -> Result<u32> {
        self.perform(Operation::Confirm, "", NO_TIME, |world| Ok(world.contact.borrow().losses)).await
    }

    async fn image(&self, reference: &str) -> Result<Option<ImageFacts>> {
        self.find(reference).await
    }

    async fn offered(&self, reference: &str) -> Result<Option<OfferedImage>> {
        self.offer(reference).await
    }

    async fn pull(&self, reference: &str, _platform: Option<&str>, progress: Sender<PullProgress>) -> Result<ImageId> {
        self.take(reference, progress).await
    }

    async fn push(&self, reference: &str, progress: Sender<PullProgress>) -> Result<String> {
        self.publish(reference, progress).await
    }

    async fn tag(&self, image: &ImageId, reference: &str) -> Result<()> {
        self.name_image(image, reference).await
    }

    async fn import(&self, tar: &Path, labels: &[(String, String)]) -> Result<ImageId> {
        self.take_file(Operation::Import, tar, labels).await
    }

    async fn load(&self, archive: &Path) -> Result<ImageId> {
        self.take_file(Operation::Load, archive, &[]).await
    }

    async fn build(&self, request: BuildRequest, progress: Sender<BuildProgress>) -> Result<Built> {
        self.make_image(request, progress).await
    }

    async fn remove_image(&self, reference: &str) -> Result<()> {
        self.drop_image(reference).await
    }

    async fn create_network(&self, spec: NetworkSpec) -> Result<NetworkId> {
        let object = node(&spec.labels, &spec.name);
        let effect = |world: &mut World| {
            let id = format!("network-{}", world.number());
            world.networks.insert(id.clone(), NetworkRecord { spec, made: true });
            Ok(NetworkId(id))
        };
        self.perform(Operation::CreateNetwork, &object, NO_TIME, effect).await
    }

    async fn remove_network(&self, network: &NetworkId) -> Result<()> {
        let record = self.lock().networks.get(&network.0).map(|record| node(&record.spec.labels, &record.spec.name));
        let object = record.unwrap_or_else(|| network.0.clone());
        let effect = |world: &mut World| {
            let member = world.containers.values().find(|container| {
                let running = container.status == ContainerStatus::Running;
                running && container.spec.networks.iter().any(|(id, _)| id == network)
            });
            if let Some(member) = member {
                let message = format!("network has active endpoints: {}", member.spec.name);
                return Err(in_use("network", &network.0, message));
            }
            world.networks.shift_remove(&network.0);
            Ok(())
        };
        self.perform(Operation::RemoveNetwork, &object, NO_TIME, effect).await
    }

    async fn vacate_network(&self, network: &NetworkId) -> Result<()> {
        let effect = |world: &mut World| {
            for record in world.containers.values_mut() {
                record.spec.networks.retain(|(id, _)| id != network);
            }
            Ok(())
        };
        self.perform(Operation::VacateNetwork, &network.0, NO_TIME, effect).await
    }

    async fn create_volume(&self, spec: VolumeSpec) -> Result<String> {
        let object = node(&spec.labels, &spec.name);
        let effect = |world: &mut World| Ok(world.add_volume(spec));
        self.perform(Operation::CreateVolume, &object, NO_TIME, effect).await
    }

    async fn remove_volume(&self, name: &str) -> Result<()> {
        let record = self.lock().volumes.get(name).map(|record| node(&record.spec.labels, name));
        let object = record.unwrap_or_else(|| name.to_owned());
        let effect = |world: &mut World| {
            let mounts =
                |mount: &MountSpec| matches!(mount, MountSpec::Volume { name: mounted, .. } if mounted == name);
            let mut containers = world.containers.values();
            if let Some(user) = containers.find(|container| container.spec.mounts.iter().any(mounts)) {
                return Err(in_use("volume", name, format!("volume is in use by {}", user.spec.name)));
            }
            world.volumes.shift_remove(name);
            Ok(())
        };
        self.perform(Operation::RemoveVolume, &object, NO_TIME, effect).await
    }

    async fn network(&self, name: &str) -> Result<Option<NetworkId>> {
        let effect = |world: &mut World| {
            let found = world.networks.iter().find(|(id, record)| *id == name || record.spec.name == name);
            Ok(found.map(|(id, _)| NetworkId(id.clone())))
        };
        self.perform(Operation::Network, name, NO_TIME, effect).await
    }

    async fn has_volume(&self, name: &str) -> Result<bool> {
        let effect = |world: &mut World| Ok(world.volumes.contains_key(name));
        self.perform(Operation::HasVolume, name, NO_TIME, effect).await
    }

    async fn create_container(&self, spec: ContainerSpec) -> Result<ContainerId> {
        self.make_container(spec).await
    }

    async fn start(&self, container: &ContainerId, output: Sender<Chunk>) -> Result<Running> {
        self.begin(container, output).await
    }

    async fn feed(&self, container: &ContainerId, input: Bytes) -> Result<()> {
        self.put_through(container, input).await
    }

    async fn usage(&self, container: &ContainerId) -> Result<Usage> {
        self.used_by(container).await
    }

    async fn exec(&self, container: &ContainerId, request: ExecRequest) -> Result<ExecOutput> {
        self.run_in(container, request).await
    }

    async fn inspect(&self, container: &ContainerId) -> Result<ContainerState> {
        self.look_at(container).await
    }

    async fn stop(&self, container: &ContainerId, signal: Option<&str>, grace: Duration) -> Result<bool> {
        self.end(container, signal, grace).await
    }

    async fn kill(&self, container: &ContainerId, signal: &str) -> Result<()> {
        self.signal(container, signal).await
    }

    async fn pause(&self, container: &ContainerId) -> Result<()> {
        self.freeze(container).await
    }

    async fn unpause(&self, container: &ContainerId) -> Result<()> {
        self.thaw(container).await
    }

    async fn leave_network(&self, container: &ContainerId, network: &NetworkId) -> Result<()> {
        self.take_off(container, network).await
    }

    async fn join_network(&self, container: &ContainerId, network: &NetworkId, names: &[String]) -> Result<()> {
        self.put_on(container, network, names).await
    }

    async fn remove_container(&self, container: &ContainerId) -> Result<()> {
        self.drop_container(container).await
    }

    async fn copy_out(&self, container: &ContainerId, path: &str) -> Result<Archive> {
        self.take_out(container, path).await
    }

    async fn copy_in(&self, container: &ContainerId, path: &str, tar: Bytes) -> Result<()> {
        self.put_in(container, path, tar).await
    }

    async fn pour_in(&self, container: &ContainerId, path: &str, tar: Pieces) -> Result<()> {
        let broken =
            |error: std::io::Error| EngineError::new(ErrorKind::Broken, "copy into a container", error.to_string());
        let pieces: Vec<Bytes> = tar.try_collect().await.map_err(broken)?;
        self.put_in(container, path, pieces.concat().into()).await
    }

    async fn logs(
        &self,
        container: &ContainerId,
        tail: Option<u32>,
        follow: bool,
        output: Sender<Chunk>,
    ) -> Result<()> {
        self.tell_log(container, tail, follow, output).await
    }

    async fn list(&self, label: &str, value: Option<&str>) -> Result<Vec<Object>> {
        let mut found = self.objects(false);
        found.retain(|object| object.label(label).is_some_and(|held| value.is_none_or(|value| value == held)));
        self.perform(Operation::List, label, NO_TIME, |_| Ok(found)).await
    }

    async fn measure(&self, objects: &mut [Object]) -> Result<()> {
        let effect = |world: &mut World| {
            for object in objects.iter_mut().filter(|object| object.kind == ObjectKind::Container) {
                let written = world.containers.get(&object.id).map(|record| record.files.values().map(Vec::len).sum());
                object.size = written.map_or(object.size, |written: usize| written as u64);
            }
            Ok(())
        };
        self.perform(Operation::Measure, "", NO_TIME, effect).await
    }

    async fn published_ports(&self) -> Result<Vec<(String, PublishedPort)>> {
        let effect = |world: &mut World| {
            let mut held = world.ports_published.clone();
            for record in world.containers.values() {
                held.extend(record.ports.iter().map(|port| (record.spec.name.clone(), port.clone())));
            }
            Ok(held)
        };
        self.perform(Operation::PublishedPorts, "", NO_TIME, effect).await
    }
}

impl World {
    /// A volume of this name is there; one that was there already stays as it is.
    pub(super) fn add_volume(&mut self, spec: VolumeSpec) -> String {
        let name = spec.name.clone();
        self.volumes.entry(name.clone()).or_insert(VolumeRecord { spec, made: true });
        name
    }
}

fn in_use(what: &str, name: &str, message: String) -> EngineError {
    EngineError::new(ErrorKind::Conflict, format!("remove {what} `{name}`"), message)
}
