use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::draft::Draft;
use super::holes;
use super::{Cause, Lane, NodeId, NodeKind, Operation, StepId};
use crate::model::{Container, Hole, Image, ImageReference, ImageSource, ImageUse, Mount, Name, Pipeline, PullPolicy};
use crate::source::Spanned;

/// An image of a registry, for a platform.
type Wanted = (ImageReference, Option<String>);

/// Images, networks and volumes of a plan: each is made once, when first met, whoever else uses it.
#[derive(Default)]
pub(super) struct Resources {
    declared: HashMap<Name, StepId>,
    pulled: HashMap<Wanted, StepId>,
    run_network: Option<StepId>,
    networks: HashMap<Name, StepId>,
    volumes: HashMap<Name, StepId>,
    /// Networks and volumes with the nodes whose containers use them.
    users: Vec<(StepId, NodeId)>,
    /// The step that makes each node's container.
    creates: HashMap<NodeId, StepId>,
    /// The step of each node that makes containers and takes them back by itself.
    uses: HashMap<NodeId, StepId>,
}

impl Resources {
    /// The steps that must have made what `container`, of `node`, is made of.
    pub(super) fn of_container(
        &mut self,
        draft: &mut Draft,
        pipeline: &Pipeline,
        node: NodeId,
        container: &Container,
    ) -> Vec<StepId> {
        let cause = Cause::NeededBy(node);
        let platform = container.platform.as_ref().map(|platform| platform.value.as_str());
        let pull = container.pull.map(|pull| pull.value);
        let mut steps = vec![self.image(draft, pipeline, &container.image, platform, pull, &cause)];
        for hole in holes::of_container(container) {
            if let Hole::ImageDigest(name) = hole {
                steps.push(self.declared_image(draft, &pipeline.images()[name], cause.clone()));
            }
        }
        let mut shared = Vec::new();
        if !container.isolated {
            shared.push(self.run_network(draft, pipeline, node));
            for network in &container.networks {
                shared.push(self.network(draft, pipeline, &network.name.value, &cause));
            }
        }
        for mount in &container.mounts {
            if let Mount::Volume(mount) = mount {
                shared.push(self.volume(draft, pipeline, &mount.volume.value, &cause));
            }
        }
        self.users.extend(shared.iter().map(|&resource| (resource, node)));
        steps.extend(shared);
        steps
    }

    /// The step that provides a declared image.
    pub(super) fn declared_image(&mut self, draft: &mut Draft, image: &Image, cause: Cause) -> StepId {
        if let Some(&step) = self.declared.get(&image.name.value) {
            return step;
        }
        let node = draft.node(NodeKind::Image, image.name.value.as_str(), image.span);
        let operation = Operation::ProvideImage(Arc::new(image.clone()));
        let step = draft.step(node, operation, Lane::Job, cause, image.name.span);
        self.declared.insert(image.name.value.clone(), step);
        step
    }

    /// Notes that `create` makes the container of `node`.
    pub(super) fn made_by(&mut self, node: NodeId, create: StepId) {
        self.creates.insert(node, create);
    }

    /// Notes that `step` makes and removes what `node` uses by itself.
    pub(super) fn used_by(&mut self, node: NodeId, step: StepId) {
        self.uses.insert(node, step);
    }

    /// The step that makes the container of `node`, where it has one.
    pub(super) fn create_of(&self, node: NodeId) -> Option<StepId> {
        self.creates.get(&node).copied()
    }

    /// Networks and volumes go when the last container that uses them is gone.
    pub(super) fn remove_after_their_users(&self, draft: &mut Draft) {
        let mut outlived: IndexMap<StepId, IndexSet<StepId>> = IndexMap::new();
        for &(resource, user) in &self.users {
            let kept = draft.nodes[user.index()].kept;
            let node = draft.steps[resource.index()].node;
            draft.nodes[node.index()].kept |= kept;
            let Some(remove) = draft.steps[resource.index()].undo else { continue };
            let undo = |create: &StepId| draft.steps[create.index()].undo.expect("a create names its undo");
            let gone = self.creates.get(&user).map(undo);
            outlived.entry(remove).or_default().extend(gone.into_iter().chain(self.uses.get(&user).copied()));
        }
        for (remove, gone) in outlived {
            draft.after_all_settled(remove, &gone);
        }
    }

    /// The step that provides an image of which no container is made.
    pub(super) fn image_alone(
        &mut self,
        draft: &mut Draft,
        pipeline: &Pipeline,
        image: &Spanned<ImageUse>,
        user: NodeId,
    ) -> StepId {
        self.image(draft, pipeline, image, None, None, &Cause::NeededBy(user))
    }

    /// The step that makes a volume which `user` looks into by itself.
    pub(super) fn volume_alone(
        &mut self,
        draft: &mut Draft,
        pipeline: &Pipeline,
        volume: &Name,
        user: NodeId,
    ) -> StepId {
        let step = self.volume(draft, pipeline, volume, &Cause::NeededBy(user));
        self.users.push((step, user));
        step
    }

    fn image(
        &mut self,
        draft: &mut Draft,
        pipeline: &Pipeline,
        image: &Spanned<ImageUse>,
        platform: Option<&str>,
        pull: Option<PullPolicy>,
        cause: &Cause,
    ) -> StepId {
        let reference = match &image.value {
            ImageUse::Declared(name) => {
                return self.declared_image(draft, &pipeline.images()[name], cause.clone());
            }
            ImageUse::Reference(reference) => reference,
        };
        if let (Some(declared), None, None) =
            (pipeline.images().values().find(|image| takes(image, reference)), platform, pull)
        {
            return self.declared_image(draft, declared, cause.clone());
        }
        let wanted = (reference.clone(), platform.map(str::to_owned));
        let policy = pull.unwrap_or(PullPolicy::Missing);
        if let Some(&step) = self.pulled.get(&wanted) {
            if let Operation::Pull { policy: known, .. } = &mut draft.steps[step.index()].operation {
                *known = stricter(*known, policy);
            }
            return step;
        }
        let origin = image.span;
        let node = draft.node(NodeKind::Image, reference.as_str(), origin);
        let operation = Operation::Pull { reference: reference.clone(), platform: wanted.1.clone(), policy };
        let step = draft.step(node, operation, Lane::Job, cause.clone(), origin);
        self.pulled.insert(wanted, step);
        step
    }

    fn run_network(&mut self, draft: &mut Draft, pipeline: &Pipeline, user: NodeId) -> StepId {
        if let Some(step) = self.run_network {
            return step;
        }
        let origin = pipeline.header().span.unwrap_or(draft.nodes[user.index()].origin);
        let node = draft.node(NodeKind::Network, "network", origin);
        let step = draft.step(node, Operation::CreateRunNetwork, Lane::Free, Cause::NeededBy(user), origin);
        draft.undo(step, Operation::RemoveNetwork);
        self.run_network = Some(step);
        step
    }

    fn network(&mut self, draft: &mut Draft, pipeline: &Pipeline, name: &Name, cause: &Cause) -> StepId {
        *self.networks.entry(name.clone()).or_insert_with(|| {
            let network = &pipeline.networks()[name];
            let node = draft.node(NodeKind::Network, name.as_str(), network.span);
            let operation = Operation::CreateNetwork(Arc::new(network.clone()));
            let step = draft.step(node, operation, Lane::Free, cause.clone(), network.name.span);
            if network.external.is_none() {
                draft.undo(step, Operation::RemoveNetwork);
            }
            step
        })
    }

    fn volume(&mut self, draft: &mut Draft, pipeline: &Pipeline, name: &Name, cause: &Cause) -> StepId {
        *self.volumes.entry(name.clone()).or_insert_with(|| {
            let volume = &pipeline.volumes()[name];
            let node = draft.node(NodeKind::Volume, name.as_str(), volume.span);
            let operation = Operation::CreateVolume(Arc::new(volume.clone()));
            let step = draft.step(node, operation, Lane::Free, cause.clone(), volume.name.span);
            if volume.external.is_none() {
                draft.undo(step, Operation::RemoveVolume);
            }
            step
        })
    }
}

/// Of two wishes for one image the one that looks further.
fn stricter(one: PullPolicy, other: PullPolicy) -> PullPolicy {
    match (one, other) {
        (PullPolicy::Always, _) | (_, PullPolicy::Always) => PullPolicy::Always,
        (PullPolicy::Missing, _) | (_, PullPolicy::Missing) => PullPolicy::Missing,
        (PullPolicy::Never, PullPolicy::Never) => PullPolicy::Never,
    }
}

/// Whether a declared image is what a registry has under `reference`.
fn takes(image: &Image, reference: &ImageReference) -> bool {
    matches!(&image.source, ImageSource::Pull { reference: declared, .. } if declared.value == *reference)
}
