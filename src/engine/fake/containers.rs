use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;

use super::processes::KILL;
use super::setup::error;
use super::world::{ContainerRecord, World, label, next_of, no_such, node};
use super::{Fake, Operation, Script, files};
use crate::engine::{
    Archive, Chunk, ContainerId, ContainerSpec, ContainerState, ContainerStatus, EngineError, ErrorKind, Exit, Joined,
    MountSpec, NetworkId, Result, Usage, labels,
};

impl Fake {
    pub(super) async fn make_container(&self, spec: ContainerSpec) -> Result<ContainerId> {
        let object = node(&spec.labels, &spec.name);
        let script = self.lock().script_of(&spec);
        let takes = script.create_takes;
        let effect = |world: &mut World| {
            if let Some(pair) = &script.create_error {
                return Err(error(pair, Operation::CreateContainer, &object));
            }
            world.add_container(spec, script)
        };
        self.perform(Operation::CreateContainer, &object, takes, effect).await
    }

    pub(super) async fn look_at(&self, id: &ContainerId) -> Result<ContainerState> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let index = world.containers.get_index_of(&id.0).unwrap_or_default();
            let image = world.container(&id.0)?.spec.image.clone();
            let image = world.find_image(&image.0).map_or(image, |found| found.facts.id.clone());
            let record = world.container(&id.0)?;
            let exit = *record.ended.borrow();
            let address = IpAddr::V4(Ipv4Addr::new(172, 30, (index / 250) as u8, (index % 250 + 2) as u8));
            let running = record.status == ContainerStatus::Running;
            let networks = if running { record.spec.networks.len() } else { 0 };
            let joined = record.spec.networks.iter().take(networks).map(|(network, names)| Joined {
                network: network.clone(),
                addresses: vec![address],
                names: names.clone(),
            });
            let joined = joined.collect();
            Ok(ContainerState {
                status: record.status,
                exit_code: exit.map_or(0, |exit| exit.code),
                oom_killed: exit.is_some_and(|exit| exit.oom_killed),
                error: String::new(),
                ports: record.ports.clone(),
                addresses: vec![address; networks],
                networks: joined,
                health: String::new(),
                image,
            })
        };
        self.perform(Operation::Inspect, &object, Duration::ZERO, effect).await
    }

    /// What it is fed with is in its record, for its test to see.
    pub(super) async fn put_through(&self, id: &ContainerId, input: Bytes) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            world.fed.push(input);
            Ok(())
        };
        self.perform(Operation::Feed, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn used_by(&self, id: &ContainerId) -> Result<Usage> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let record = world.container(&id.0)?;
            match record.status {
                ContainerStatus::Running | ContainerStatus::Paused => Ok(record.script.usage.clone()),
                _ => Ok(Usage::default()),
            }
        };
        self.perform(Operation::Usage, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn drop_container(&self, id: &ContainerId) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            if let Some(record) = world.containers.shift_remove(&id.0) {
                let exit = Exit { code: 128 + KILL, oom_killed: false };
                if let Some(signals) = &record.signals {
                    let _ = signals.try_send(KILL);
                }
                record.ended.send_if_modified(|ended| ended.is_none().then(|| *ended = Some(exit)).is_some());
            }
            Ok(())
        };
        self.perform(Operation::RemoveContainer, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn freeze(&self, id: &ContainerId) -> Result<()> {
        self.turn(Operation::Pause, id, ContainerStatus::Running, ContainerStatus::Paused).await
    }

    pub(super) async fn thaw(&self, id: &ContainerId) -> Result<()> {
        self.turn(Operation::Unpause, id, ContainerStatus::Paused, ContainerStatus::Running).await
    }

    async fn turn(&self, call: Operation, id: &ContainerId, from: ContainerStatus, to: ContainerStatus) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let record = world.container(&id.0)?;
            if record.status != from {
                return Err(conflict(&call.to_string(), &id.0, &format!("is {:?}", record.status)));
            }
            record.status = to;
            Ok(())
        };
        self.perform(call, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn take_off(&self, id: &ContainerId, network: &NetworkId) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let record = world.container(&id.0)?;
            record.spec.networks.retain(|(joined, _)| joined != network);
            if record.spec.networks.is_empty() {
                record.ports.clear();
            }
            Ok(())
        };
        self.perform(Operation::LeaveNetwork, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn put_on(&self, id: &ContainerId, network: &NetworkId, names: &[String]) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            world.networks.get(&network.0).ok_or_else(|| no_such("network", &network.0))?;
            let record = world.container(&id.0)?;
            if !record.spec.networks.iter().any(|(joined, _)| joined == network) {
                record.spec.networks.push((network.clone(), names.to_vec()));
            }
            if record.ports.is_empty() && record.status == ContainerStatus::Running {
                world.open_ports(&id.0)?;
            }
            Ok(())
        };
        self.perform(Operation::JoinNetwork, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn take_out(&self, id: &ContainerId, path: &str) -> Result<Archive> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let bytes = files::pack(&world.container(&id.0)?.files, path)?;
            let archive: Archive = Box::pin(futures_util::stream::iter([Ok(bytes)]));
            Ok(archive)
        };
        self.perform(Operation::CopyOut, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn put_in(&self, id: &ContainerId, path: &str, tar: Bytes) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| files::unpack(&mut world.container(&id.0)?.files, path, &tar);
        self.perform(Operation::CopyIn, &object, Duration::ZERO, effect).await
    }

    pub(super) async fn tell_log(
        &self,
        id: &ContainerId,
        tail: Option<u32>,
        follow: bool,
        output: Sender<Chunk>,
    ) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let record = world.container(&id.0)?;
            Ok((record.changes.subscribe(), record.tail(tail), record.log.len()))
        };
        let then = |(mut changes, kept, mut told): (watch::Receiver<u64>, Vec<Chunk>, usize)| async move {
            for chunk in kept {
                let _ = output.send(chunk).await;
            }
            if !follow {
                return Ok(());
            }
            loop {
                changes.mark_unchanged();
                let (news, running) = match self.lock().container(&id.0) {
                    Ok(record) => (record.log[told..].to_vec(), record.status == ContainerStatus::Running),
                    Err(_) => (Vec::new(), false),
                };
                told += news.len();
                for chunk in news {
                    let _ = output.send(chunk).await;
                }
                if !running || changes.changed().await.is_err() {
                    return Ok(());
                }
            }
        };
        self.perform_then(Operation::Logs, &object, Duration::ZERO, effect, then).await
    }
}

impl World {
    fn script_of(&mut self, spec: &ContainerSpec) -> Arc<Script> {
        let mut keys = vec![spec.name.clone(), node(&spec.labels, &spec.name)];
        keys.extend(self.find_image(&spec.image.0).into_iter().flat_map(|image| image.references.clone()));
        keys.push(spec.image.0.clone());
        let service = label(&spec.labels, labels::KIND) == Some("service");
        Arc::new(next_of(&mut self.scripts, &keys).unwrap_or_else(|| match service {
            true => Script::runs(),
            false => Script::exits(0),
        }))
    }

    fn add_container(&mut self, spec: ContainerSpec, script: Arc<Script>) -> Result<ContainerId> {
        self.find_image(&spec.image.0).ok_or_else(|| no_such("image", &spec.image.0))?;
        if self.containers.values().any(|other| other.spec.name == spec.name) {
            return Err(conflict("create", &spec.name, "has its name taken"));
        }
        for (network, _) in &spec.networks {
            self.networks.get(&network.0).ok_or_else(|| no_such("network", &network.0))?;
        }
        // As the engine does, a volume that is not there comes into being without labels.
        for mount in &spec.mounts {
            if let MountSpec::Volume { name, .. } = mount {
                self.add_volume(crate::engine::VolumeSpec { name: name.clone(), ..Default::default() });
            }
        }
        let id = format!("container-{}", self.number());
        let record = ContainerRecord {
            files: script.files.iter().cloned().collect(),
            script,
            spec,
            status: ContainerStatus::Created,
            started: None,
            attempts: HashMap::new(),
            ports: Vec::new(),
            log: Vec::new(),
            changes: watch::Sender::new(0),
            ended: watch::Sender::new(None),
            signals: None,
            unseen: Arc::default(),
        };
        self.containers.insert(id.clone(), record);
        Ok(ContainerId(id))
    }
}

impl ContainerRecord {
    /// The last so many lines of the output.
    fn tail(&self, lines: Option<u32>) -> Vec<Chunk> {
        let Some(mut left) = lines else { return self.log.clone() };
        let mut kept = Vec::new();
        for chunk in self.log.iter().rev() {
            let mut from = chunk.data.len();
            while from > 0 && left > 0 {
                from = chunk.data[..from - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
                left -= 1;
            }
            if from < chunk.data.len() {
                kept.push(Chunk { stream: chunk.stream, data: chunk.data.slice(from..) });
            }
        }
        kept.reverse();
        kept
    }
}

pub(super) fn conflict(what: &str, container: &str, message: &str) -> EngineError {
    let message = format!("container {container} {message}");
    EngineError::new(ErrorKind::Conflict, format!("{what} container `{container}`"), message)
}
