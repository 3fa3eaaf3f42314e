use super::super::{Argument, NodeDef, Type};

/// `pipeline NAME { … }`
pub static PIPELINE: NodeDef = NodeDef::new("pipeline", "The header of the file: its name and what holds for all of it.")
    .more("Where there is none, the pipeline is named after its directory. All that a pipeline makes on the engine is found again by its name.")
    .arguments(&[Argument::new("name", Type::Name, "The pipeline's name: lower-case letters, digits and `-`.")])
    .children(&[&[&DESCRIPTION, &DEFAULT, &PARALLEL, &TIMEOUT, &LABEL, &LINT, &CONCURRENCY, &MIN_VERSION]]);

static DESCRIPTION: NodeDef = NodeDef::new("description", "What the pipeline does, in a sentence.")
    .arguments(&[Argument::new("text", Type::String, "The sentence.")]);

static DEFAULT: NodeDef = NodeDef::new("default", "What `pipe run` runs when nothing is asked for.")
    .more("Where there is none, all stages and acceptances are run.")
    .arguments(&[Argument::new("target", Type::Name, "A service, stage or acceptance.").many()]);

static PARALLEL: NodeDef = NodeDef::new("parallel", "How many builds, pulls and stages run at once.")
    .arguments(&[Argument::new("count", Type::Integer { min: 1, max: 1024 }, "The number.")]);

static TIMEOUT: NodeDef = NodeDef::new("timeout", "How long a run may take.").arguments(&[Argument::new(
    "duration",
    Type::Duration { zero: false },
    "The time, tear-down left out.",
)]);

static LABEL: NodeDef = NodeDef::new("label", "A label on all containers, volumes and networks of the pipeline.")
    .entries("the label's key", Argument::new("value", Type::Text, "The label's value."));

static LINT: NodeDef = NodeDef::new("lint", "How much the warnings and the advice of `pipe check` weigh in this pipeline.")
    .more(
        "Errors weigh what they weigh: a run would fail, or lie. At one place a comment leaves a warning out, at the end of its line or on the \
         line above: `// pipe: allow(unused-volume) filled by hand`.",
    )
    .children(&[&[&ALLOW, &WARN, &DENY]]);

static ALLOW: NodeDef = NodeDef::new("allow", "Findings that are left out.").arguments(&[Argument::new(
    "code",
    Type::Name,
    "The code of a diagnostic, such as `unused-volume`.",
)
.many()]);

static WARN: NodeDef = NodeDef::new("warn", "Findings that are warnings.").arguments(&[Argument::new(
    "code",
    Type::Name,
    "The code of a diagnostic, such as `secret-default`.",
)
.many()]);

static DENY: NodeDef = NodeDef::new("deny", "Findings that are errors.").arguments(&[Argument::new(
    "code",
    Type::Name,
    "The code of a diagnostic, or `warnings` for all of them that no other line names.",
)
.many()]);

static CONCURRENCY: NodeDef =
    NodeDef::new("concurrency", "At most one run at a time on one engine, of all pipelines that give the same name.")
        .more("A run that comes while another one holds the name waits for its end and says for whom; runs go in the order in which they came. Waiting counts towards `timeout`. What a run that was killed held is free again.")
        .arguments(&[Argument::new("name", Type::Name, "What is held by one run at a time.")]);

static MIN_VERSION: NodeDef =
    NodeDef::new("min-version", "The oldest version of pipe that the file is for; an older one refuses it.")
        .arguments(&[Argument::new("version", Type::String, "`\"MAJOR.MINOR\"` or `\"MAJOR.MINOR.PATCH\"`.")]);

/// `include "FILE"`
pub static INCLUDE: NodeDef = NodeDef::new("include", "Takes in the declarations of other files.")
    .more(
        "A file is named relative to the directory of the file that includes it, and lies in the pipeline's directory or below. Paths in it \
         (contexts, mounts, env files, reports) start at its own directory, and so do the commands of its params. Its declarations stand in \
         the same namespaces as all others, so that each may use every other, wherever it stands. A file is included once; only the \
         pipeline's own file has a header. `{{…}}` is not filled in here.",
    )
    .arguments(&[Argument::new("file", Type::String, "A file of declarations, such as `\"ci/database.kdl\"`.").many()])
    .repeatable();
