use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::declared::sanitised;
use super::resolver::Resolver;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::graph::MATRIX_LIMIT;
use crate::model::{Header, Name, Need, Runnable};
use crate::source::Spanned;

/// How many needs the instances of a file may have together.
const MOST_NEEDS: usize = 1_000_000;

impl Resolver<'_> {
    /// Gives instances host names of their own, and lets what needs a stage with a matrix need all of its instances. Answers all
    /// runnables, and the instances of each stage that has some.
    pub fn with_instances(
        &mut self,
        resolved: IndexMap<Name, Vec<Runnable>>,
    ) -> (IndexMap<Name, Runnable>, IndexMap<Name, Vec<Name>>) {
        let mut instances: IndexMap<Name, Vec<Name>> = IndexMap::new();
        let mut all: IndexMap<Name, Runnable> = IndexMap::new();
        let mut hosts = Hosts {
            taken: self.declared.runnables.keys().map(|name| (*name).to_owned()).collect(),
            next: HashMap::new(),
        };
        for (of, runnables) in resolved {
            for mut runnable in runnables {
                if let Runnable::Stage(stage) = &mut runnable
                    && let Some(instance) = &stage.instance
                {
                    let values: Vec<&str> = instance.values.iter().map(|(_, value)| value.as_str()).collect();
                    stage.host = hosts.of(&format!("{of}-{}", values.join("-")));
                    // Values that hold commas and brackets may spell two instances alike.
                    while all.contains_key(&stage.name.value) {
                        stage.name.value = Name::new(format!("{}'", stage.name.value));
                    }
                    instances.entry(of.clone()).or_default().push(stage.name.value.clone());
                }
                all.insert(runnable.name().value.clone(), runnable);
            }
        }
        if !instances.is_empty() {
            self.need_all(&mut all, &instances);
        }
        (all, instances)
    }

    fn need_all(&mut self, all: &mut IndexMap<Name, Runnable>, instances: &IndexMap<Name, Vec<Name>>) {
        let mut left = MOST_NEEDS;
        for runnable in all.values_mut() {
            let needs = match runnable {
                Runnable::Service(service) => &mut service.needs,
                Runnable::Stage(stage) => &mut stage.needs,
                Runnable::Acceptance(acceptance) => &mut acceptance.needs,
            };
            let mut expanded: Vec<Need> = Vec::with_capacity(needs.len());
            for need in needs.drain(..) {
                let Some(of) = instances.get(&need.on) else {
                    expanded.push(need);
                    continue;
                };
                match left.checked_sub(of.len()) {
                    Some(rest) => left = rest,
                    None => {
                        self.report(
                            Diagnostic::new(MATRIX_LIMIT, "the instances of this file have too many needs together")
                                .label(need.span, "one need too many")
                                .help("let a stage without an image stand for all instances, and need that")
                                .note(format!("the limit is {MOST_NEEDS} needs")),
                        );
                        return;
                    }
                }
                expanded.extend(of.iter().map(|on| Need { on: on.clone(), ..need.clone() }));
            }
            *needs = expanded;
        }
    }
}

/// The header, its targets being instances where a stage has some.
pub(super) fn with_targets(header: Header, instances: &IndexMap<Name, Vec<Name>>) -> Header {
    let expand = |target: Spanned<Name>| match instances.get(&target.value) {
        Some(of) => of.iter().map(|name| Spanned::new(name.clone(), target.span)).collect(),
        None => vec![target],
    };
    Header { default: header.default.into_iter().flat_map(expand).collect(), ..header }
}

/// DNS labels that are given away.
struct Hosts {
    taken: HashSet<String>,
    /// The next number to try behind a label that is taken.
    next: HashMap<String, usize>,
}

impl Hosts {
    /// A label like `wish` that nobody has.
    fn of(&mut self, wish: &str) -> Name {
        let plain = sanitised(wish);
        let mut host = plain.clone();
        while !self.taken.insert(host.clone()) {
            let next = self.next.entry(plain.clone()).or_insert(2);
            let tail = format!("-{next}");
            *next += 1;
            let room = 63 - tail.len();
            host = format!("{}{tail}", plain[..plain.len().min(room)].trim_end_matches('-'));
        }
        Name::new(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_labels_of_their_own() {
        let mut hosts = Hosts { taken: HashSet::from(["unit-3-11".to_owned()]), next: HashMap::new() };
        assert_eq!(hosts.of("unit-3.11").as_str(), "unit-3-11-2");
        assert_eq!(hosts.of("unit-3_11").as_str(), "unit-3-11-3");
        assert_eq!(hosts.of("unit-é").as_str(), "unit");
        let long = "x".repeat(80);
        assert_eq!(hosts.of(&long).as_str().len(), 63);
        assert_eq!(hosts.of(&long).as_str().len(), 63);
    }
}
