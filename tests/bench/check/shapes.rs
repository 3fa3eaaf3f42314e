//! Pipelines of any size, each of a shape that makes one part of the analysis work hardest.

use std::fmt::Write;

/// The files of a pipeline, by path; the first is `pipeline.kdl`.
pub type Texts = Vec<(String, String)>;

/// A family of pipelines.
pub struct Shape {
    pub name: &'static str,
    /// What grows with the number.
    pub what: &'static str,
    /// The smaller number that is measured; the larger one is ten times as much.
    pub size: usize,
    pub files: fn(usize) -> Texts,
    pub is_valid: bool,
}

const fn shape(name: &'static str, what: &'static str, files: fn(usize) -> Texts) -> Shape {
    Shape { name, what, size: 1000, files, is_valid: true }
}

pub const SHAPES: [Shape; 8] = [
    shape("chain", "stages, each needs the one before", chain),
    shape("stages", "stages with needs, env, templates and a script", stages),
    shape("fan in", "stages that one stage needs", fan_in),
    shape("fan out", "stages that need one service", fan_out),
    shape("templates", "templates and as many stages", templates),
    shape("services", "services with ports, mounts and a healthcheck", services),
    Shape { size: 100, ..shape("includes", "files of one pipeline", includes) },
    Shape { is_valid: false, ..shape("errors", "stages with four mistakes each", errors) },
];

fn alone(text: String) -> Texts {
    vec![("pipeline.kdl".to_owned(), text)]
}

/// What all stages share.
const HEAD: &str = "pipeline bench\n\ntemplate base {\n    image \"busybox:1.35\"\n    env LOG_LEVEL \"info\"\n}\n\n";

/// The chain that compose is given too.
pub fn chain(count: usize) -> Texts {
    let mut out = HEAD.to_owned();
    for at in 0..count {
        let _ = write!(out, "stage s{at} {{\n    extends base\n");
        if at > 0 {
            let _ = writeln!(out, "    needs s{}", at - 1);
        }
        let _ = write!(out, "    env INDEX \"{at}\"\n    command echo \"step {at} is done\"\n}}\n\n");
    }
    alone(out)
}

/// The same chain as services of docker compose.
pub fn compose(count: usize) -> String {
    let mut out =
        "x-base: &base\n  image: busybox:1.35\n  environment: &env\n    LOG_LEVEL: info\nservices:\n".to_owned();
    for at in 0..count {
        let _ = write!(out, "  s{at}:\n    <<: *base\n    environment:\n      <<: *env\n      INDEX: \"{at}\"\n");
        let _ = writeln!(out, "    command: [\"echo\", \"step {at} is done\"]");
        if at > 0 {
            let _ = writeln!(out, "    depends_on: [s{}]", at - 1);
        }
    }
    out
}

pub fn stages(count: usize) -> Texts {
    let mut out = HEAD.to_owned();
    out.push_str("param tag default=\"1.2.3\"\nparam token default=\"none\"\nvolume data\n\n");
    for at in 0..10 {
        let _ = write!(
            out,
            "service d{at} {{\n    image \"postgres:16.1\"\n    port 5432\n    healthcheck tcp=5432\n}}\n\n"
        );
    }
    for at in 0..count {
        let service = at % 10;
        let _ = write!(
            out,
            "stage s{at} {{\n    extends base\n    needs d{service}\n    env {{\n        INDEX \"{at}\"\n        TAG \"{{{{tag}}}}\"\n        \
             DATABASE \"{{{{d{service}.host}}}}:5432\"\n        TOKEN \"{{{{token}}}}\"\n    }}\n    mount data \"/data\"\n    sh \"\"\"\n        \
             set -eu\n        ./test --part {at}\n        \"\"\"\n    timeout \"5m\"\n}}\n\n"
        );
    }
    alone(out)
}

fn fan_in(count: usize) -> Texts {
    let mut out = HEAD.to_owned();
    for at in 0..count {
        let _ = write!(out, "stage s{at} {{\n    extends base\n    command echo {at}\n}}\n\n");
    }
    out.push_str("stage last {\n    extends base\n    command echo last\n");
    for at in 0..count {
        let _ = writeln!(out, "    needs s{at}");
    }
    out.push_str("}\n");
    alone(out)
}

fn fan_out(count: usize) -> Texts {
    let mut out = HEAD.to_owned();
    out.push_str("service first {\n    image \"busybox:1.35\"\n}\n\n");
    for at in 0..count {
        let _ = write!(out, "stage s{at} {{\n    extends base\n    needs first\n    command echo {at}\n}}\n\n");
    }
    alone(out)
}

fn templates(count: usize) -> Texts {
    let mut out = HEAD.to_owned();
    for at in 0..count {
        let before = if at % 20 == 0 { "base".to_owned() } else { format!("t{}", at - 1) };
        let _ = write!(out, "template t{at} {{\n    extends {before}\n    env V{at} \"{at}\"\n}}\n\n");
        let _ = write!(out, "stage s{at} {{\n    extends t{at}\n    command echo {at}\n}}\n\n");
    }
    alone(out)
}

fn errors(count: usize) -> Texts {
    let mut out = HEAD.to_owned();
    for at in 0..count {
        let _ = write!(
            out,
            "stage s{at} {{\n    extends bass\n    needs s{at}x\n    timeout 10s\n    comand echo {at}\n}}\n\n"
        );
    }
    alone(out)
}

fn services(count: usize) -> Texts {
    let mut out = HEAD.to_owned();
    for at in 0..count {
        let _ = write!(
            out,
            "service d{at} {{\n    extends base\n    port 80\n    mount \"./data\" \"/data\" read-only\n    \
             healthcheck \"test -e /ready\"\n}}\n\nstage s{at} {{\n    extends base\n    needs d{at}\n    command wget \
             \"{{{{d{at}.url}}}}\"\n}}\n\n"
        );
    }
    let mut texts = alone(out);
    texts.push(("data/empty".to_owned(), String::new()));
    texts
}

fn includes(count: usize) -> Texts {
    let mut texts = Vec::new();
    let mut root = HEAD.to_owned();
    for at in 0..count {
        let _ = writeln!(root, "include \"part{at}.kdl\"");
        let mut part = String::new();
        for stage in 0..10 {
            let _ = write!(part, "stage s{at}-{stage} {{\n    extends base\n    command echo {at} {stage}\n}}\n\n");
        }
        texts.push((format!("part{at}.kdl"), part));
    }
    texts.insert(0, ("pipeline.kdl".to_owned(), root));
    texts
}
