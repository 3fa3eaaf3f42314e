use indexmap::IndexMap;

use super::resolver::Resolver;
use crate::ast::{self, ContainerSettings};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::{BAD_RESOURCES, BAD_ULIMIT};
use crate::model::{ByteSize, Limits, LogLimit, Most, Ulimit};
use crate::source::Spanned;

/// The least memory that an engine gives a container, in bytes.
const LEAST_MEMORY: u64 = 6 << 20;
/// The least processor time that an engine gives a container.
const LEAST_CPUS: f64 = 0.01;
/// The least size of a file of output, in bytes.
const LEAST_LOG: u64 = 1_000;
/// The files of output that are kept where nobody says.
const LOG_FILES: u32 = 3;

impl Resolver<'_> {
    /// How much of the machine a container may use.
    pub fn limits(&mut self, settings: &ContainerSettings) -> Limits {
        let resources = &settings.resources;
        self.cpus(resources);
        self.memory(resources);
        if let Some(limit) = &settings.log_limit {
            self.at_least(&limit.size, LEAST_LOG, "a file of output", "1kB");
        }
        let bytes = |size: Option<Spanned<u64>>| size.map(|size| ByteSize(size.value));
        Limits {
            cpus: resources.cpus,
            memory: bytes(resources.memory),
            memory_reservation: bytes(resources.memory_reservation),
            swap: bytes(resources.swap),
            pids: resources.pids.map(|pids| pids.value),
            shm: bytes(resources.shm),
            ulimits: self.ulimits(&settings.ulimits),
            log: settings.log_limit.as_ref().map(|limit| LogLimit {
                size: ByteSize(limit.size.value),
                files: limit.files.map_or(LOG_FILES, |files| files.value),
            }),
        }
    }

    fn cpus(&mut self, resources: &ast::Resources) {
        let Some(cpus) = resources.cpus.filter(|cpus| cpus.value < LEAST_CPUS) else { return };
        self.report(
            Diagnostic::new(BAD_RESOURCES, "a container gets at least 0.01 of a processor")
                .label(cpus.span, "too little")
                .help("write a number from 0.01: `cpus=0.5` is half a processor"),
        );
    }

    fn memory(&mut self, resources: &ast::Resources) {
        for size in [&resources.memory, &resources.memory_reservation].into_iter().flatten() {
            self.at_least(size, LEAST_MEMORY, "a container's memory", "6MiB");
        }
        if let Some(size) = &resources.shm {
            self.at_least(size, 1, "`/dev/shm`", "64MiB");
        }
        if let (Some(swap), None) = (&resources.swap, &resources.memory) {
            self.report(
                Diagnostic::new(BAD_RESOURCES, "`swap` is what comes besides `memory`, which is not limited")
                    .label(swap.span, "besides what?")
                    .help("limit the memory too: `memory=\"512MiB\"`"),
            );
        }
        if let (Some(memory), Some(reservation)) = (&resources.memory, &resources.memory_reservation)
            && reservation.value > memory.value
        {
            self.report(
                Diagnostic::new(BAD_RESOURCES, "more memory is reserved than the container may use")
                    .label(reservation.span, "more than the limit")
                    .label(memory.span, "the limit")
                    .help("reserve less, or raise `memory`"),
            );
        }
    }

    fn at_least(&mut self, size: &Spanned<u64>, least: u64, what: &str, spelled: &str) {
        if size.value < least {
            self.report(
                Diagnostic::new(BAD_RESOURCES, format!("{what} has at least {spelled}"))
                    .label(size.span, "too little")
                    .help(format!("write `\"{spelled}\"` or more")),
            );
        }
    }

    /// One each name: a later one replaces an earlier one, which a template may have given.
    fn ulimits(&mut self, ulimits: &[ast::Ulimit]) -> Vec<Ulimit> {
        let last: IndexMap<&str, &ast::Ulimit> =
            ulimits.iter().map(|ulimit| (ulimit.name.value.as_str(), ulimit)).collect();
        for ulimit in last.values() {
            if let Some(hard) = ulimit.hard.filter(|hard| hard.value < ulimit.soft.value) {
                self.report(
                    Diagnostic::new(
                        BAD_ULIMIT,
                        format!("the soft limit of `{}` is above the hard one", ulimit.name.value),
                    )
                    .label(ulimit.soft.span, "the soft limit")
                    .label(hard.span, "the hard limit")
                    .help("write the smaller number first")
                    .fix_of(swap(self, &ulimit.soft, &hard)),
                );
            }
        }
        let resolved = last.into_iter().map(|(name, ulimit)| Ulimit {
            name: name.to_owned(),
            soft: ulimit.soft.value,
            hard: ulimit.hard.map_or(ulimit.soft.value, |hard| hard.value),
        });
        resolved.collect()
    }
}

/// Puts each limit in the place of the other.
fn swap(resolver: &Resolver<'_>, soft: &Spanned<Most>, hard: &Spanned<Most>) -> crate::diagnostic::Fix {
    let edit = |at: &Spanned<Most>, from: &Spanned<Most>| crate::diagnostic::Edit {
        span: at.span,
        text: resolver.files.slice(from.span).to_owned(),
    };
    crate::diagnostic::Fix {
        title: "swap the two".to_owned(),
        safe: false,
        edits: vec![edit(soft, hard), edit(hard, soft)],
    }
}
