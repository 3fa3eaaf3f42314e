use super::{of, told};

#[test]
fn an_empty_file_is_no_pipeline() {
    for text in ["", "// nothing yet\n"] {
        assert!(of(text).pipeline.is_none());
        assert_eq!(told(text), ["empty-pipeline "]);
    }
}

#[test]
fn a_mistake_of_the_text_is_told_once() {
    let told =
        told("service db { image \"mariadb:10.11 }\nstage migrate {\n    image \"busybox:1.35\"\n    needs db\n}\n");
    assert!(told.iter().all(|it| it.starts_with("unclosed-")), "{told:?}");
}

#[test]
fn what_could_not_be_read_may_declare_what_is_needed() {
    let text = "stage a { image \"busybox:1.35\"; needs db }\nservice ] db { image \"mariadb:10.11\" }\n";
    let told = told(text);
    assert!(!told.is_empty() && !told.iter().any(|it| it.starts_with("unknown-reference")), "{told:?}");
    assert!(of(text).pipeline.is_none());
}

#[test]
fn a_mistake_of_the_shape_is_told_once() {
    let told = told("stage hello {\n    imagee \"busybox:1.35\"\n    command echo hello\n}\n");
    assert_eq!(told, ["unknown-node imagee"]);
}

#[test]
fn one_broken_block_does_not_silence_the_others() {
    let told = told("stage a { image \"x }\n\nstage b { image \"busybox:1.35\"; command \"echo hello\" }\n");
    assert!(told.contains(&"command-needs-shell \"echo hello\"".to_owned()), "{told:?}");
}
