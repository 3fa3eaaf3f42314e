use super::{first, labels, of, pipeline, stage, told};
use crate::model::{ConditionTest, Gate, ImageUse, Name, NeedKind, RetryOn};

const UNIT: &str = r#"
stage unit {
    matrix {
        python "3.11" 3.12
        db mariadb postgres
        exclude python="3.11" db=postgres
        include python="3.13" db=sqlite
    }
    image "python:{{matrix.python}}"
    env DB "{{matrix.db}}-{{run.id}}"
    command true-{{matrix.db}}
}
stage after-all { needs unit; image "x:1"; }
"#;

fn unit() -> String {
    UNIT.replace("true-{{matrix.db}}", "\"true-{{matrix.db}}\"")
}

#[test]
fn a_matrix_makes_an_instance_of_each_combination() {
    let pipeline = pipeline(&unit());
    let instances: Vec<&str> = pipeline.instances()[&Name::from("unit")].iter().map(Name::as_str).collect();
    assert_eq!(
        instances,
        [
            "unit[python=3.11,db=mariadb]",
            "unit[python=3.12,db=mariadb]",
            "unit[python=3.12,db=postgres]",
            "unit[python=3.13,db=sqlite]"
        ]
    );
    let first = stage(&pipeline, "unit[python=3.11,db=mariadb]");
    assert_eq!(first.host.as_str(), "unit-3-11-mariadb");
    let container = first.container.as_ref().expect("it has an image");
    assert_eq!(container.image.value, ImageUse::Reference(crate::model::sample::reference("python:3.11")));
    let needs: Vec<&str> = stage(&pipeline, "after-all").needs.iter().map(|need| need.on.as_str()).collect();
    assert_eq!(needs, instances);
    assert_eq!(pipeline.references().len(), 1, "a use stands once, however many instances there are");
}

#[test]
fn what_is_wrong_in_a_stage_is_told_once_for_all_instances() {
    let text = unit().replace("{{run.id}}", "{{nothing}}");
    assert_eq!(told(&text), ["unknown-variable {{nothing}}"]);
}

#[test]
fn parts_of_a_matrix_that_change_nothing_are_told() {
    let text = "stage s {\n matrix {\n  a 1 2 1\n  exclude a=3\n  include a=2\n }\n image \"x:{{matrix.a}}\"\n}\n";
    assert_eq!(told(text), ["matrix-no-effect 1", "matrix-no-effect 3", "matrix-no-effect include a=2"]);
    let text = "stage s {\n matrix {\n  a 1 2\n  exclude b=3\n }\n image \"x:{{matrix.a}}\"\n}\n";
    assert_eq!(told(text), ["unknown-axis b"]);
    assert_eq!(told("stage s { image \"x:1\"; command \"{{matrix.a}}\"; }\n"), ["unknown-variable {{matrix.a}}"]);
}

#[test]
fn a_template_may_ask_for_an_axis_of_its_users() {
    let text = "template t { image \"x:{{matrix.v}}\"; }\nstage s { extends t; matrix { v 1 2; }; command a; }\n";
    assert!(of(text).pipeline.is_some(), "{:#?}", of(text).diagnostics);
    let unused = "template t { image \"x:{{matrix.v}}\"; }\nstage s { image \"x:1\"; command a; }\n";
    assert!(!of(unused).diagnostics.has_errors());
    let without = "template t { image \"x:{{matrix.v}}\"; }\nstage s { extends t; command a; }\n";
    assert_eq!(told(without), ["unknown-variable {{matrix.v}}"]);
}

#[test]
fn hostile_matrices_have_an_end() {
    let axis = |name: &str| format!("  {name} {}\n", (0..200).map(|it| it.to_string()).collect::<Vec<_>>().join(" "));
    let axes: String = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(axis).concat();
    assert_eq!(first(&format!("stage s {{\n matrix {{\n{axes} }}\n image \"x:1\"\n}}\n")).code.slug(), "matrix-limit");
    let mut text = String::new();
    for index in 0..40 {
        let env: String = (0..100).map(|key| format!("  K{key} v\n")).collect();
        text += &format!(
            "stage s{index} {{\n matrix {{\n{} }}\n image \"x:{{{{matrix.a}}}}\"\n env {{\n{env} }}\n}}\n",
            axis("a")
        );
    }
    assert!(told(&text).iter().any(|line| line.starts_with("matrix-limit")));
}

#[test]
fn an_input_is_a_need_of_the_stage_that_leaves_it() {
    let text =
        "stage a { image \"x:1\"; artifact \"/out\"; }\nstage b { image \"x:1\"; input a \"/out/x\" at=\"/in\"; }\n";
    let pipeline = pipeline(text);
    let [need] = stage(&pipeline, "b").needs.as_slice() else { panic!() };
    assert_eq!((need.on.as_str(), need.gate, need.kind), ("a", Gate::Succeeded, NeedKind::Input));
    let text = "stage a { image \"x:1\"; artifact \"/a\"; input b \"/b\"; }\nstage b { image \"x:1\"; artifact \"/b\"; needs a; }\n";
    let cycle = first(text);
    assert_eq!(cycle.message, "needs form a cycle: `a` → `b` → `a`");
    let wanted = [("b", "`a` takes an input of `b`"), ("a", "`b` needs `a`")];
    assert_eq!(labels(text, &cycle), wanted.map(|(at, label)| (at.to_owned(), label.to_owned())));
    assert_eq!(
        told("stage a { image \"x:1\"; input c \"/c\"; }\nservice c { image \"x:1\"; }\n"),
        ["unknown-reference c"]
    );
}

#[test]
fn what_decides_and_what_is_tried_again_is_resolved() {
    let text =
        "param p yes\nstage a {\n image \"x:1\"\n when param=p is-not=no\n retry 2 on=\"exit 1 2, oom\"\n always\n}\n";
    let pipeline = pipeline(text);
    let a = stage(&pipeline, "a");
    let ConditionTest::Param { is: false, known: Some(known), .. } = &a.conditions[0].test else { panic!() };
    assert_eq!(known, "yes");
    assert_eq!(a.retry.as_ref().expect("there is one").on, [RetryOn::Exit(1), RetryOn::Exit(2), RetryOn::Oom]);
    assert!(a.always);
    assert_eq!(told(&text.replace("param=p", "param=q")), ["unknown-reference q"]);
    assert_eq!(told(&text.replace("exit 1 2", "exit 300")), ["bad-retry-condition exit 300"]);
}

#[test]
fn races_are_told_where_nothing_orders_the_two() {
    let stage = |name: &str, more: &str| {
        format!("stage {name} {{ image \"x:1\"; mount v \"/v\"; artifact \"/o.txt\"; command a; {more}}}\n")
    };
    let both = "volume v\n".to_owned() + &stage("a", "") + &stage("b", "");
    let codes = |text: &str| -> Vec<String> {
        let told = of(text).diagnostics;
        told.iter().map(|it| it.code.to_string()).filter(|code| code.ends_with("-race")).collect()
    };
    assert_eq!(codes(&both), ["volume-race", "artifact-race"]);
    let race = of(&both).diagnostics.iter().find(|it| it.code.slug() == "volume-race").cloned().expect("it is told");
    let edit = &race.fixes[0].edits[0];
    let mended = format!("{}{}{}", &both[..edit.span.start as usize], edit.text, &both[edit.span.end as usize..]);
    assert_eq!(codes(&mended), [""; 0], "{mended}");
    let through = "volume v\n".to_owned()
        + &stage("a", "")
        + "stage m { image \"x:1\"; needs a; command a; }\n"
        + &stage("b", "after m; ");
    assert_eq!(codes(&through), [""; 0]);
}
