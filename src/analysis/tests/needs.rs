use super::{first, labels, pipeline, stage, told};
use crate::model::{Gate, Name, NeedKind};

#[test]
fn the_default_gate_follows_the_kind() {
    let text = r#"
service checked { image "x:1"; healthcheck tcp=1 }
service unchecked { image "x:1" }
service switched-off { image "x:1"; healthcheck none }
stage before { image "x:1" }
stage user { image "x:1"; needs checked unchecked switched-off before; after late; needs checked gate=started }
stage late { image "x:1" }
"#;
    let pipeline = pipeline(text);
    let needs: Vec<_> =
        stage(&pipeline, "user").needs.iter().map(|need| (need.on.as_str(), need.gate, need.kind)).collect();
    assert_eq!(
        needs,
        [
            ("checked", Gate::Healthy, NeedKind::Needs),
            ("unchecked", Gate::Started, NeedKind::Needs),
            ("switched-off", Gate::Started, NeedKind::Needs),
            ("before", Gate::Succeeded, NeedKind::Needs),
            ("checked", Gate::Started, NeedKind::Needs),
            ("late", Gate::Completed, NeedKind::After),
        ]
    );
}

#[test]
fn a_reference_is_a_need() {
    let text = r#"
service app { image "x:1"; port 8000; healthcheck tcp=8000 }
stage user { image "x:1"; env { APP_URL "{{app.internal-url}}" } }
acceptance a { target app; test t { http GET "/" { expect status 200 } } }
"#;
    let pipeline = pipeline(text);
    let [need] = stage(&pipeline, "user").needs.as_slice() else { panic!() };
    assert_eq!((need.on.as_str(), need.gate, need.kind), ("app", Gate::Healthy, NeedKind::Reference));
    let [need] = pipeline.runnables()[&Name::from("a")].needs() else { panic!() };
    assert_eq!((need.on.as_str(), need.gate, need.kind), ("app", Gate::Healthy, NeedKind::Target));
}

#[test]
fn a_cycle_is_drawn_edge_by_edge() {
    let text = r#"
service app { image "x:1"; port 8000; healthcheck tcp=8000; needs migrate }
stage migrate { image "x:1"; env { URL "{{app.url}}" } }
stage alone { image "x:1"; needs alone }
"#;
    let told = super::of(text).diagnostics;
    let told: Vec<_> = told.iter().filter(|it| it.code.slug() == "dependency-cycle").collect();
    assert_eq!(told[0].message, "needs form a cycle: `app` → `migrate` → `app`");
    let wanted = [("migrate", "`app` needs `migrate`"), ("{{app.url}}", "`migrate` refers to `app`")];
    assert_eq!(labels(text, told[0]), wanted.map(|(at, label)| (at.to_owned(), label.to_owned())));
    assert_eq!(told.len(), 1);
    assert_eq!(super::told(text).last().map(String::as_str), Some("self-dependency alone"));
}

#[test]
fn a_gate_that_is_never_reached_is_told() {
    let text = "service db { image \"x:1\" }\nstage a { image \"x:1\"; needs db gate=healthy }\n";
    assert_eq!(first(text).message, "service `db` has no healthcheck, so it never becomes healthy");
    let text = "stage b { image \"x:1\" }\nstage a { image \"x:1\"; needs b gate=healthy }\n";
    assert_eq!(first(text).message, "a stage never becomes healthy");
    let text = "service db { image \"x:1\" }\nstage a { image \"x:1\"; needs db gate=completed }\n";
    assert_eq!(first(text).help.as_deref(), Some("write `gate=started`, `gate=healthy` or `gate=exited`"));
}

#[test]
fn default_targets_are_declared() {
    assert_eq!(told("pipeline p { default al }\nstage all { image \"x:1\" }\n"), ["unknown-reference al"]);
}
