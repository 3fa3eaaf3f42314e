use super::{first, labels, pipeline, told};

#[test]
fn the_place_is_the_smallest_token() {
    let text = r#"
service db { image "mariadb:10.11"; healthcheck tcp=3306 }
stage migrate {
    image "busybox:1.35"
    needs db migrte
    command echo "{{nothing}} of {{db.url}}"
}
"#;
    assert_eq!(told(text), ["unknown-reference migrte", "unknown-variable {{nothing}}", "unknown-port {{db.url}}"]);
}

#[test]
fn an_unknown_name_says_what_was_meant_and_what_there_is() {
    let text = "service db { image \"mariadb:10.11\"; healthcheck tcp=3306 }\nstage a { image \"x:1\"; needs dbb }\n";
    let told = first(text);
    assert_eq!(told.message, "there is no service, stage or acceptance `dbb`");
    assert_eq!(told.help.as_deref(), Some("did you mean `db`?"));
    assert_eq!(told.notes, ["declared: `db` and `a`"]);
    assert_eq!((told.fixes[0].edits[0].text.as_str(), told.fixes[0].safe), ("db", false));
}

#[test]
fn a_name_of_another_kind_is_said_to_be_one() {
    let text = "volume data\nstage a { image \"x:1\"; needs data; mount data \"/data\" }\n";
    assert_eq!(labels(text, &first(text))[1], ("data".into(), "this is a volume".into()));
}

#[test]
fn an_undeclared_image_has_two_ways_to_mend_it() {
    let help = first("stage a { image mariadb; command x }\n").help.unwrap();
    assert!(help.contains("`image mariadb { build . }`") && help.contains("`image \"mariadb:TAG\"`"), "{help}");
}

#[test]
fn each_kind_has_its_own_namespace() {
    let text = "param web default=x\nvolume web\ntemplate web { image \"x:1\" }\nimage web { pull \"x:1\" }\n\
                stage web { extends web; image web; mount web \"/web\"; command echo \"{{web}}\" }\n";
    assert_eq!(pipeline(text).runnables().len(), 1);
    assert_eq!(told("service a { image \"x:1\" }\nstage a { image \"x:1\" }\n"), ["duplicate-name a"]);
}

#[test]
fn references_are_kept_with_their_places() {
    let pipeline = pipeline("volume data\nstage a { image \"x:1\"; mount data \"/data\" }\n");
    let [reference] = pipeline.references() else { panic!("{:?}", pipeline.references()) };
    assert_eq!((reference.name.as_str(), reference.span.start), ("data", 41));
}
