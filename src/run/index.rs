use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{HealthTest, Healthcheck, ImageSource, ImageUse, Look, Name, Service, Step};
use crate::plan::{NodeId, NodeKind, Operation, Plan};

/// The nodes of a plan by the names that the pipeline uses.
#[derive(Debug, Default)]
pub(super) struct Index {
    images: HashMap<(ImageUse, Option<String>), NodeId>,
    networks: HashMap<Name, NodeId>,
    volumes: HashMap<Name, NodeId>,
    services: HashMap<Name, (NodeId, Arc<Service>)>,
    stages: HashMap<Name, NodeId>,
    run_network: Option<NodeId>,
    /// Ports of services that somebody here, or a hole, wants to reach.
    reached: HashMap<Name, BTreeSet<u16>>,
}

impl Index {
    /// The index of `plan`.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut index = Index::default();
        for step in &plan.steps {
            match &step.operation {
                Operation::Pull { reference, platform, .. } => {
                    index.images.insert((ImageUse::Reference(reference.clone()), platform.clone()), step.node);
                }
                Operation::ProvideImage(image) => {
                    index.images.insert((ImageUse::Declared(image.name.value.clone()), None), step.node);
                    if let ImageSource::Pull { reference, .. } = &image.source {
                        let reference = ImageUse::Reference(reference.value.clone());
                        index.images.entry((reference, None)).or_insert(step.node);
                    }
                }
                Operation::CreateRunNetwork => index.run_network = Some(step.node),
                Operation::CreateNetwork(network) => {
                    index.networks.insert(network.name.value.clone(), step.node);
                }
                Operation::CreateVolume(volume) => {
                    index.volumes.insert(volume.name.value.clone(), step.node);
                }
                Operation::CreateService(service) => {
                    let name = service.name.value.clone();
                    let ports = service.ports.iter().map(|port| port.container.value);
                    index.reached.entry(name.clone()).or_default().extend(ports);
                    index.services.insert(name, (step.node, service.clone()));
                }
                Operation::RunStage(stage) => {
                    index.stages.insert(stage.name.value.clone(), step.node);
                }
                Operation::AwaitReady { service, healthcheck } => {
                    let ports = probed_port(healthcheck);
                    index.reached.entry(service.name.value.clone()).or_default().extend(ports);
                }
                Operation::RunTests(acceptance)
                | Operation::BeginTests(acceptance)
                | Operation::EndTests(acceptance) => {
                    if let Some(target) = &acceptance.target {
                        index.reached.entry(target.service.value.clone()).or_default().insert(target.port);
                    }
                    for probe in acceptance.steps().flat_map(Step::probes) {
                        if let Look::Tcp(look) = &probe.look {
                            index.reached.entry(look.service.value.clone()).or_default().insert(look.port);
                        }
                    }
                }
                _ => {}
            }
        }
        index
    }

    /// The node of an image, for a platform where it is told apart by that.
    pub(super) fn image(&self, image: &ImageUse, platform: Option<&str>) -> Option<NodeId> {
        let of = |platform: Option<&str>| self.images.get(&(image.clone(), platform.map(str::to_owned))).copied();
        of(platform).or_else(|| of(None))
    }

    /// The nodes of all images.
    pub(super) fn images(&self) -> impl Iterator<Item = NodeId> {
        self.images.values().copied()
    }

    /// The node of a declared network.
    pub(super) fn network(&self, name: &Name) -> Option<NodeId> {
        self.networks.get(name).copied()
    }

    /// The node of a volume.
    pub(super) fn volume(&self, name: &Name) -> Option<NodeId> {
        self.volumes.get(name).copied()
    }

    /// The node of a stage that is run.
    pub(super) fn stage(&self, name: &Name) -> Option<NodeId> {
        self.stages.get(name).copied()
    }

    /// The node of a service, and what was declared.
    pub(super) fn service(&self, name: &Name) -> Option<(NodeId, &Arc<Service>)> {
        self.services.get(name).map(|(node, service)| (*node, service))
    }

    /// The service of a node.
    pub(super) fn service_of(&self, plan: &Plan, node: NodeId) -> Option<&Arc<Service>> {
        let node = plan.node(node);
        match (node.kind, &node.runnable) {
            (NodeKind::Service, Some(name)) => self.services.get(name).map(|(_, service)| service),
            _ => None,
        }
    }

    /// The services of the plan.
    pub(super) fn services(&self) -> impl Iterator<Item = (&Name, NodeId)> {
        self.services.iter().map(|(name, (node, _))| (name, *node))
    }

    /// The node of the run's own network.
    pub(super) fn run_network(&self) -> Option<NodeId> {
        self.run_network
    }

    /// The ports of a service that a check or a test of this run goes to, or that are published.
    pub(super) fn reached(&self, service: &Name) -> impl Iterator<Item = u16> {
        self.reached.get(service).into_iter().flatten().copied()
    }
}

fn probed_port(healthcheck: &Healthcheck) -> Option<u16> {
    match healthcheck.test {
        HealthTest::Http { port, .. } | HealthTest::Tcp { port } => Some(port),
        HealthTest::Shell(_)
        | HealthTest::Command(_)
        | HealthTest::Log { .. }
        | HealthTest::Image(_)
        | HealthTest::None => None,
    }
}
