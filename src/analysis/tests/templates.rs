use super::{first, labels, pipeline, service, stage, told};
use crate::model::EnvValue;

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
