use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::Subject;
use crate::model::{
    Build, Container, Dockerfile, EnvOrText, ImageReference, ImageSource, ImageUse, PullPolicy, Runnable, Values,
};
use crate::source::{Files, Span};

/// An image that a registry is to give.
#[derive(Debug)]
pub(super) struct Wanted {
    /// As it is written.
    pub reference: String,
    /// For which platform; what the engine runs by itself where nobody says.
    pub platform: Option<String>,
    /// When the registry is asked for it: the strictest of those who want it.
    pub policy: PullPolicy,
    /// Where that is said first.
    pub place: Span,
    /// In how many places besides.
    pub others: usize,
    /// Whether it is said in the pipeline, as against a Dockerfile.
    pub is_of_pipeline: bool,
    /// Whether its platform is somebody's wish.
    pub is_asked: bool,
}

/// All images that a pipeline wants from registries, each once a platform, in the order of the file. What the pipeline itself makes under
/// that name is not among them, nor is what hangs on values that are not known.
pub(super) fn wanted(subject: &Subject<'_>, values: &Values) -> Vec<Wanted> {
    let pipeline = subject.pipeline;
    let tags = pipeline.images().values().flat_map(|image| &image.tags);
    let made = tags.filter_map(|tag| tag.fill(values).ok()).collect();
    let mut list = List { made, places: HashSet::new(), wanted: IndexMap::new() };
    for image in pipeline.images().values() {
        match &image.source {
            ImageSource::Pull { reference, policy } => {
                list.take(reference.value.as_str(), None, *policy, reference.span, true);
            }
            ImageSource::Build(build) => list.bases(build, subject.files, values),
            ImageSource::Import(_) | ImageSource::Load(_) => {}
        }
    }
    for runnable in pipeline.runnables().values() {
        if let Some(container) = runnable.container() {
            list.container(container);
        }
        let Runnable::Acceptance(acceptance) = runnable else { continue };
        let bats = acceptance.bats.iter().map(|bats| &bats.container);
        bats.chain(acceptance.foreign.iter().map(|foreign| &foreign.container)).for_each(|it| list.container(it));
        acceptance.values(&mut |value| {
            if let EnvOrText::Container(container) = value {
                list.container(container);
            }
        });
    }
    list.wanted.into_values().collect()
}

struct List {
    /// Names under which the pipeline makes images of its own.
    made: HashSet<String>,
    /// Where something is said: a template or a matrix says it for many.
    places: HashSet<Span>,
    wanted: IndexMap<(String, Option<String>), Wanted>,
}

impl List {
    fn container(&mut self, container: &Container) {
        let ImageUse::Reference(reference) = &container.image.value else { return };
        let policy = container.pull.map_or(PullPolicy::Missing, |policy| policy.value);
        let platform = container.platform.as_ref().map(|platform| platform.value.clone());
        self.take(reference.as_str(), platform, policy, container.image.span, true);
    }

    /// The images that a build begins from, or copies from.
    fn bases(&mut self, build: &Build, files: &Files, values: &Values) {
        let file = files.find(&build.dockerfile.value);
        let text = match (&build.inline, file) {
            (Some(inline), _) => inline.fill(values).ok(),
            (None, file) => file.map(|file| file.text().to_string()),
        };
        let args: Option<BTreeMap<String, String>> =
            build.args.iter().map(|(name, value)| Some((name.clone(), value.fill(values).ok()?))).collect();
        let target = build.target.as_ref().map(|target| target.fill(values)).transpose();
        let platform = build.platform.as_ref().map(|platform| platform.fill(values)).transpose();
        let (Some(text), Some(args), Ok(target), Ok(platform)) = (text, args, target, platform) else { return };
        let dockerfile = Dockerfile::read_with(&text, &args);
        for image in dockerfile.images(target.as_deref()).unwrap_or_default() {
            // A word that no reference can be is told by others; a context of that name takes the image's place.
            if ImageReference::parse(image).is_err() || build.contexts.contains_key(image) {
                continue;
            }
            let place = match (&build.inline, file) {
                (Some(inline), _) => inline.span,
                (None, Some(file)) => {
                    let stage = dockerfile
                        .stages
                        .iter()
                        .find(|stage| stage.base == image || stage.sources.iter().any(|it| it == image));
                    stage.map_or(build.span, |stage| {
                        let line = &text[stage.at.clone()];
                        let at = line
                            .rfind(image)
                            .map_or(stage.at.clone(), |at| stage.at.start + at..stage.at.start + at + image.len());
                        file.span(at.start, at.end)
                    })
                }
                (None, None) => build.span,
            };
            self.take(image, platform.clone(), PullPolicy::Missing, place, false);
        }
    }

    fn take(
        &mut self,
        reference: &str,
        platform: Option<String>,
        policy: PullPolicy,
        place: Span,
        is_of_pipeline: bool,
    ) {
        if self.made.contains(reference) {
            return;
        }
        let is_new = self.places.insert(place);
        let is_asked = platform.is_some();
        match self.wanted.entry((reference.to_owned(), platform.clone())) {
            Entry::Vacant(free) => {
                let reference = reference.to_owned();
                free.insert(Wanted { reference, platform, policy, place, others: 0, is_of_pipeline, is_asked });
            }
            Entry::Occupied(mut there) => {
                let there = there.get_mut();
                there.policy = stricter(there.policy, policy);
                there.others += usize::from(is_new);
            }
        }
    }
}

/// Of two wishes for one image the one that looks further, as a plan has it.
fn stricter(one: PullPolicy, other: PullPolicy) -> PullPolicy {
    match (one, other) {
        (PullPolicy::Always, _) | (_, PullPolicy::Always) => PullPolicy::Always,
        (PullPolicy::Missing, _) | (_, PullPolicy::Missing) => PullPolicy::Missing,
        (PullPolicy::Never, PullPolicy::Never) => PullPolicy::Never,
    }
}
