use std::time::Duration;

use super::{Dep, Goal, Keep, Lane, Plan, StepId, When, plan};
use crate::model::sample::{Sample, artifact, at, container, graceful, mount, need, reference, text};
use crate::model::{
    Action, ActionKind, EnvValue, ForeignTests, Gate, Hole, Image, ImageSource, ImageUse, NeedKind, Piece, Pipeline,
    Step, Text,
};

fn planned(pipeline: &Pipeline, targets: &[&str]) -> Plan {
    planned_keeping(pipeline, targets, Keep::Nothing)
}

fn planned_keeping(pipeline: &Pipeline, targets: &[&str], keep: Keep) -> Plan {
    let targets = targets.iter().map(|name| (*name).into()).collect();
    plan(pipeline, &Goal { targets, keep, ..Goal::default() })
}

/// The shape of the example of the language: a database, migrations, static files, an application, tests.
fn todobackend() -> Pipeline {
    Sample::new("todobackend")
        .volume("public")
        .service("db", &[])
        .stage_with("unit", &[], |unit| unit.artifacts = vec![artifact("/app/unittests.xml")])
        .stage_with("migrate", &["db"], |migrate| {
            let mut after = need("unit", Gate::Succeeded);
            after.kind = NeedKind::After;
            migrate.needs.push(after);
        })
        .stage_with("collectstatic", &[], |stage| {
            stage.container.as_mut().expect("has one").mounts = vec![mount("public", "/public")];
        })
        .service_with("app", &["db", "migrate", "collectstatic"], |app| {
            app.container.mounts = vec![mount("public", "/public")];
            app.container.stop = graceful(Duration::from_secs(10));
        })
        .acceptance("todos", "app")
        .build()
}

#[test]
fn a_whole_workflow() {
    insta::assert_snapshot!(planned(&todobackend(), &["todos"]), @r#"
    #0 [] busybox:1.35  pull if missing  (for db)
    #1 [] network  create the run's network  (for db)
    #2 [#0 #1] db  create container of busybox:1.35  (for app)
    #3 [#2] db  start sleep  (for app)
    #4 [#3] db  await true, at most 20s  (for app)
    #5 [#0 #1] migrate  create container of busybox:1.35  (for app)
    #6 [#4 #5] migrate  run true  (for app)
    #7 [] public  create volume  (for collectstatic)
    #8 [#0 #1 #7] collectstatic  create container of busybox:1.35  (for app)
    #9 [#8] collectstatic  run true  (for app)
    #10 [#0 #1 #7] app  create container of busybox:1.35  (for todos)
    #11 [#4 #6 #9 #10] app  start sleep  (for todos)
    #12 [#11] app  await true, at most 20s  (for todos)
    #13 [#12] todos  test app:80 with 1 test  (wanted)
    #14 [#5! #6?] migrate  remove container  (undoes #5)
    #15 [#8! #9?] collectstatic  remove container  (undoes #8)
    #16 [#11! #12? #13?] app  stop with SIGTERM, then kill after 10s  (undoes #11)
    #17 [#2! #3? #4? #6? #16?] db  remove container  (undoes #2)
    #18 [#10! #16?] app  remove container  (undoes #10)
    #19 [#1! #14? #15? #17? #18?] network  remove network  (undoes #1)
    #20 [#7! #15? #18?] public  remove volume  (undoes #7)
    "#);
}

#[test]
fn only_what_the_target_needs() {
    insta::assert_snapshot!(planned(&todobackend(), &["unit"]), @r#"
    #0 [] busybox:1.35  pull if missing  (for unit)
    #1 [] network  create the run's network  (for unit)
    #2 [#0 #1] unit  create container of busybox:1.35  (wanted)
    #3 [#2] unit  run true  (wanted)
    #4 [#3!] unit  collect /app/unittests.xml  (wanted)
    #5 [#2! #3? #4?] unit  remove container  (undoes #2)
    #6 [#1! #5?] network  remove network  (undoes #1)
    "#);
}

#[test]
fn after_orders_where_both_are_in_the_plan_and_pulls_nothing_in() {
    let pipeline = todobackend();
    let alone = planned(&pipeline, &["migrate"]);
    assert!(alone.nodes.iter().all(|node| node.name != "unit"));
    let both = planned(&pipeline, &["migrate", "unit"]);
    let collect = step(&both, "unit", "collect");
    let migrate = both.step(step(&both, "migrate", "run"));
    assert!(migrate.deps.iter().any(|dep| dep.on == collect && dep.when == When::Settled));
}

#[test]
fn the_same_question_has_the_same_answer() {
    let pipeline = todobackend();
    let first = planned(&pipeline, &[]).to_string();
    for _ in 0..20 {
        assert_eq!(planned(&pipeline, &[]).to_string(), first);
    }
}

#[test]
fn the_order_of_targets_changes_no_step() {
    let pipeline = todobackend();
    let count = |targets: &[&str]| planned(&pipeline, targets).steps.len();
    assert_eq!(count(&["todos", "unit", "migrate"]), count(&["migrate", "todos", "unit"]));
}

#[test]
fn services_of_what_is_wanted_stay_with_their_networks_and_volumes() {
    let kept = planned_keeping(&todobackend(), &["todos"], Keep::Services);
    let names: Vec<&str> = kept.nodes.iter().filter(|node| node.kept).map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["db", "app", "network", "public"]);
    let remove = kept.step(step(&kept, "db", "remove"));
    let work = kept.steps.iter().filter(|step| step.lane != Lane::TearDown);
    for step in work.filter(|step| step.operation.verb() == "test" || step.operation.verb() == "run") {
        assert!(remove.deps.iter().any(|dep| dep.on == step.id), "db ends after all work");
    }
}

#[test]
fn a_gate_on_the_end_of_a_service_does_not_need_it_to_live() {
    let pipeline = Sample::new("demo")
        .service("seed", &[])
        .stage_with("load", &[], |load| load.needs = vec![need("seed", Gate::Exited)])
        .build();
    let plan = planned(&pipeline, &[]);
    let load = plan.step(step(&plan, "load", "run"));
    assert!(load.uses.is_empty());
    let exit = plan.steps.iter().find(|step| step.operation.to_string() == "await exit").expect("is awaited");
    assert!(load.deps.iter().any(|dep| dep.on == exit.id));
}

#[test]
fn a_stage_that_may_fail_opens_its_gate_once_it_has_ended() {
    let pipeline =
        Sample::new("demo").stage_with("lint", &[], |lint| lint.allow_failure = true).stage("test", &["lint"]).build();
    let plan = planned(&pipeline, &[]);
    let lint = step(&plan, "lint", "run");
    assert!(!plan.step(lint).required);
    let test = plan.step(step(&plan, "test", "run"));
    assert!(test.deps.iter().any(|dep| dep.on == lint && dep.when == When::Ended));
}

#[test]
fn a_container_that_names_a_service_s_place_on_the_host_is_made_when_that_is_known() {
    let pipeline = Sample::new("demo")
        .service("app", &[])
        .stage_with("smoke", &["app"], |smoke| {
            let url = Text { pieces: vec![Piece::Hole(Hole::Url("app".into()))], span: Default::default() };
            let container = smoke.container.as_mut().expect("has one");
            container.env.insert("APP_URL".to_owned(), EnvValue::Text(url));
        })
        .build();
    let plan = planned(&pipeline, &[]);
    let create = plan.step(step(&plan, "smoke", "create"));
    let start = step(&plan, "app", "start");
    assert!(create.deps.iter().any(|dep| dep.on == start && dep.when == When::Succeeded));
}

#[test]
fn what_is_killed_is_killed_side_by_side_and_a_graceful_stop_comes_first() {
    let pipeline = Sample::new("demo")
        .service("db", &[])
        .service("killed", &["db"])
        .service_with("asked", &["db"], |asked| asked.container.stop = graceful(Duration::from_secs(1)))
        .stage("test", &["killed", "asked"])
        .build();
    let plan = planned(&pipeline, &[]);
    let db = plan.step(step(&plan, "db", "remove"));
    assert!(db.deps.iter().any(|dep| dep.on == step(&plan, "asked", "stop")));
    assert!(db.deps.iter().all(|dep| dep.on != step(&plan, "killed", "remove")));
    assert!(db.deps.iter().any(|dep| dep.on == step(&plan, "test", "run")));
}

#[test]
fn images_are_published_when_all_else_has_passed() {
    let image = Image {
        name: at("release".into()),
        source: ImageSource::Pull { reference: at(reference("busybox:1.35")), policy: Default::default() },
        tags: vec![text("registry/app:1")],
        span: Default::default(),
    };
    let pipeline = Sample::new("demo").image(image).stage("unit", &[]).build();
    let goal = Goal { push: vec!["release".into()], ..Goal::default() };
    let plan = plan(&pipeline, &goal);
    let push = plan.step(step(&plan, "release", "push"));
    assert!(push.deps.contains(&Dep { on: step(&plan, "unit", "run"), when: When::Succeeded }));
    assert_eq!(plan.steps.iter().filter(|step| step.operation.verb() == "pull").count(), 1, "one image, one pull");
}

#[test]
fn what_is_around_all_tests_is_around_those_in_other_tools() {
    let pipeline = Sample::new("demo")
        .service("app", &[])
        .acceptance_with("todos", "app", |todos| {
            let action = |kind| {
                let (service, span) = (at("app".into()), Default::default());
                Step::Action(Action { kind, service, checks: vec![], captures: vec![], span })
            };
            todos.before_all = vec![action(ActionKind::Pause)];
            todos.after_all = vec![action(ActionKind::Unpause)];
            todos.foreign =
                Some(ForeignTests { container: container("prove"), artifacts: vec![], span: Default::default() });
        })
        .build();
    let plan = planned(&pipeline, &["todos"]).to_string();
    let suite: Vec<&str> = plan.lines().filter(|line| line.contains("] todos")).collect();
    insta::assert_snapshot!(suite.join("\n"), @r#"
    #5 [#4] todos  prepare: before-all  (wanted)
    #6 [#4 #5] todos  test app:80 with 1 test  (wanted)
    #7 [#0 #1] todos/command  create container of busybox:1.35  (wanted)
    #8 [#4 #5 #6? #7] todos/command  test prove  (wanted)
    #9 [#4 #5! #8?] todos  conclude: after-all  (wanted)
    #11 [#7! #8?] todos/command  remove container  (undoes #7)
    "#);
}

#[test]
fn what_an_acceptance_cannot_begin_without_is_accepted() {
    let image = |name: &str| Image {
        name: at(name.into()),
        source: ImageSource::Pull { reference: at(reference("busybox:1.35")), policy: Default::default() },
        tags: vec![text("registry/app:1")],
        span: Default::default(),
    };
    let of = |name: &str| at(ImageUse::Declared(name.into()));
    let pipeline = Sample::new("demo")
        .image(image("web"))
        .image(image("tool"))
        .image(image("flaky"))
        .service_with("site", &[], |site| site.container.image = of("web"))
        .stage_with("lint", &[], |lint| lint.container.as_mut().expect("has one").image = of("tool"))
        .stage_with("maybe", &[], |maybe| {
            maybe.container.as_mut().expect("has one").image = of("flaky");
            maybe.allow_failure = true;
        })
        .acceptance("todos", "site")
        .build();
    let accepts = |targets: &[&str], image: &str, without_suites| {
        planned(&pipeline, targets).accepts(&image.into(), without_suites)
    };
    assert!(accepts(&["todos"], "web", false));
    assert!(!accepts(&["todos", "lint"], "tool", false), "it is run, and no acceptance looks at it");
    assert!(!accepts(&["lint"], "web", false), "the acceptance is not in this run");
    assert!(accepts(&["lint"], "tool", true));
    assert!(!accepts(&["maybe", "lint"], "flaky", true), "what may fail vouches for nothing");
}

#[test]
fn a_chain_as_long_as_a_file_may_hold_is_planned() {
    let mut sample = Sample::new("long").stage("s0", &[]);
    for index in 1..3_000 {
        sample = sample.stage(&format!("s{index}"), &[&format!("s{}", index - 1)]);
    }
    let plan = planned(&sample.build(), &["s2999"]);
    assert_eq!(plan.nodes.len(), 3_002);
}

fn step(plan: &Plan, node: &str, verb: &str) -> StepId {
    let found = plan.steps.iter().find(|step| plan.node(step.node).name == node && step.operation.verb() == verb);
    found.unwrap_or_else(|| panic!("no step `{verb}` of `{node}` in\n{plan}")).id
}
