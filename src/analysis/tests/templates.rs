use super::{first, labels, pipeline, service, stage, told};
use crate::model::EnvValue;
use crate::schema::{self};
use crate::source::MemoryWorkspace;

const BASE: &str = r#"
template base {
    image "base:1"
    env { A base; B base }
    label team one
    needs db
    mount tmpfs "/tmp"
    stop signal=SIGINT
}
template extra {
    image "extra:1"
    env { B extra; C extra }
    stop grace="3s"
}
service db { image "db:1"; healthcheck tcp=1 }
"#;

fn env(entries: &indexmap::IndexMap<String, EnvValue>) -> Vec<String> {
    let shown = |value: &EnvValue| match value {
        EnvValue::Text(text) => text.to_string(),
        EnvValue::Secret(name) => format!("secret {}", name.value),
    };
    entries.iter().map(|(key, value)| format!("{key}={}", shown(value))).collect()
}

#[test]
fn scalars_replace_maps_merge_and_lists_grow() {
    let text = format!(
        "{BASE}\nstage user {{\n    extends base extra\n    env {{ C user }}\n    needs other\n    mount tmpfs \"/var\"\n    command run\n}}\nstage other {{ image \"x:1\" }}\n"
    );
    let pipeline = pipeline(&text);
    let user = stage(&pipeline, "user");
    let container = user.container.as_ref().unwrap();
    assert_eq!(container.image.value.to_string(), "extra:1", "the later template wins");
    assert_eq!(env(&container.env), ["A=base", "B=extra", "C=user"]);
    assert_eq!(container.labels.len(), 1);
    assert_eq!(user.needs.iter().map(|need| need.on.as_str()).collect::<Vec<_>>(), ["db", "other"]);
    assert_eq!(container.mounts.len(), 2);
    assert_eq!(container.stop.signal.as_ref().unwrap().value, "SIGINT");
    assert_eq!(container.stop.grace.unwrap().value.as_secs(), 3);
}

#[test]
fn what_comes_by_two_ways_stands_once() {
    let text = "template a { image \"x:1\"; mount tmpfs \"/tmp\" }\ntemplate b { extends a }\ntemplate c { extends a }\n\
                service s { extends b c; command run }\n";
    assert_eq!(service(&pipeline(text), "s").container.mounts.len(), 1);
}

#[test]
fn a_cycle_shows_each_edge_and_nothing_that_follows_from_it() {
    let text = "template a { extends b }\ntemplate b { extends c }\ntemplate c { extends a; image \"x:1\" }\n\
                stage s { extends a; command run }\n";
    assert_eq!(told(text), ["template-cycle b"]);
    let told = first(text);
    assert_eq!(told.message, "templates extend one another: `a` → `b` → `c` → `a`");
    let wanted = [("b", "`a` extends `b`"), ("c", "`b` extends `c`"), ("a", "`c` extends `a`")];
    assert_eq!(labels(text, &told), wanted.map(|(at, label)| (at.to_owned(), label.to_owned())));
}

#[test]
fn a_template_that_nothing_extends_is_checked_all_the_same() {
    assert_eq!(told("template a { image nothing }\n"), ["unknown-reference nothing"]);
    assert_eq!(told("template a { image \"x:1\" }\n"), ["unused-template a"]);
}

#[test]
fn many_users_of_a_large_template_meet_a_limit() {
    let lines: String = (0..1000).map(|i| format!("    env V{i} x\n")).collect();
    let users: String = (0..1000).map(|i| format!("stage s{i} {{ extends big; command run }}\n")).collect();
    let told = told(&format!("template big {{\n    image \"x:1\"\n{lines}}}\n{users}"));
    assert_eq!(told, ["too-much-extended big"]);
}

/// One line for each setting of containers, as it may stand in a template.
const SETTINGS: [(&str, &str); 35] = [
    ("extends", "extends other"),
    ("image", "image \"own:1\""),
    ("command", "command run fast"),
    ("sh", "sh \"run\""),
    ("entrypoint", "entrypoint enter"),
    ("env", "env { A one }"),
    ("env-file", "env-file \"a.env\""),
    ("workdir", "workdir \"/w\""),
    ("user", "user someone"),
    ("needs", "needs first"),
    ("after", "after first"),
    ("mount", "mount tmpfs \"/t\""),
    ("network", "network back"),
    ("hostname", "hostname h"),
    ("init", "init #false"),
    ("read-only", "read-only"),
    ("stop", "stop signal=SIGINT grace=\"3s\""),
    ("label", "label team one"),
    ("timeout", "timeout \"3m\""),
    ("secret", "secret key"),
    ("file", "file \"/etc/x\" \"content\""),
    ("resources", "resources cpus=1.5 memory=\"512MiB\" pids=200 shm=\"64MiB\""),
    ("gpus", "gpus all"),
    ("privileged", "privileged"),
    ("cap", "cap add NET_ADMIN"),
    ("security-opt", "security-opt no-new-privileges"),
    ("ulimit", "ulimit nofile 1024"),
    ("sysctl", "sysctl net.core.somaxconn \"1024\""),
    ("device", "device \"/dev/fuse\""),
    ("dns", "dns \"1.1.1.1\""),
    ("extra-host", "extra-host other \"10.0.0.1\""),
    ("platform", "platform \"linux/amd64\""),
    ("pull", "pull always"),
    ("log-limit", "log-limit \"10MiB\""),
    ("tty", "tty"),
];

/// What a stage of these lines means, its places left out.
fn meant(template: &str, own: &str) -> String {
    let image = if template.contains("image ") || own.contains("image ") { "" } else { "image \"x:1\"" };
    let command = if [template, own].iter().any(|it| it.starts_with("command") || it.starts_with("sh ")) {
        ""
    } else {
        "command x"
    };
    let text = format!(
        "secret key default=hidden-from-all\nnetwork back\ntemplate other {{ workdir \"/other\" }}\ntemplate base {{\n label base yes\n {template}\n}}\n\
         stage first {{ image \"x:1\"; command x; }}\nstage it {{\n extends base\n {image}\n {command}\n {own}\n}}\n"
    );
    let analysis = super::in_workspace(&text, &MemoryWorkspace::default().with("a.env", "A=1\n"));
    let pipeline = analysis.pipeline.unwrap_or_else(|| panic!("{text}\n{:#?}", analysis.diagnostics));
    let stage = stage(&pipeline, "it");
    let shown = format!("{:?} {:?}", stage.container, stage.needs);
    regex::Regex::new(r"Span \{[^}]*\}").unwrap().replace_all(&shown, "-").into_owned()
}

#[test]
fn every_setting_comes_through_a_template_as_if_it_stood_in_the_stage() {
    let plain = meant("", "");
    for node in
        schema::find("template").unwrap().nodes().filter(|node| schema::find(&format!("stage.{}", node.name)).is_some())
    {
        let sample = SETTINGS
            .iter()
            .find(|(name, _)| *name == node.name)
            .unwrap_or_else(|| panic!("a sample of `{}`", node.name))
            .1;
        let (through, own) = (meant(sample, ""), meant("", sample));
        assert_eq!(through, own, "{sample}");
        assert_ne!(through, plain, "{sample} says something");
    }
}
