//! What valid text becomes, and the spans that it carries.

use super::*;

#[test]
fn everything_that_kdl_has_is_read() {
    let text = r##"
        pipeline todo /* a /* nested */ comment */ {
            default todos; parallel 4 // as many as processors
        }
        /- stage unit { image test }
        service (x)"db" port=0x1F_90 ratio=1.5e-1 ready=#true nothing=#null {
            env { A "two words"; B #"raw \d"#; C (secret)password }
            command echo \
                hello /-goodbye \ // and so on
                world
            sh """
                echo "$HOME"
                  indented
                """
        } /-{ ignored }
    "##;
    assert!(read(text).2.is_empty(), "{:?}", read(text).2);
    assert_eq!(
        document(text),
        [
            "pipeline \"todo\" { default \"todos\"; parallel 4 }",
            "service (x)\"db\" port=8080 ratio=0.15 ready=#true nothing=#null { env { A \"two words\"; B \"raw \\\\d\"; \
             C (secret)\"password\" }; command \"echo\" \"hello\" \"world\"; sh \"echo \\\"$HOME\\\"\\n  indented\" }",
        ]
        .join("\n")
    );
}

#[test]
fn spans_cover_names_and_values_alone() {
    let (files, document, _) = read("(a)service  \"dbé\"   port = (u16)8000 /* x */ {\n  x 1 \n}  // end\n");
    let node = &document.nodes[0];
    let entry = &node.entries[1];
    let at = |span| files.slice(span).to_owned();
    assert_eq!(at(node.name.span), "service");
    assert_eq!(node.annotation.as_ref().map(|annotation| at(annotation.span)).as_deref(), Some("a"));
    assert_eq!(at(node.entries[0].value.span), "\"dbé\"");
    assert_eq!(entry.name.as_ref().map(|name| at(name.span)).as_deref(), Some("port"));
    assert_eq!(entry.annotation.as_ref().map(|annotation| at(annotation.span)).as_deref(), Some("u16"));
    assert_eq!(at(entry.value.span), "8000");
    assert_eq!(at(entry.span), "port = (u16)8000");
    assert!(at(node.span).starts_with("(a)service") && at(node.span).ends_with('}'));
    assert_eq!(at(node.children()[0].span), "x 1");
}

#[test]
fn empty_texts_are_empty_documents() {
    for text in ["", "\n\n", "\u{FEFF}", "// only a comment", "/* and */", "/- gone", "/-\ngone {\n a }"] {
        let (_, document, diagnostics) = read(text);
        assert!(diagnostics.is_empty(), "{text:?}: {diagnostics:?}");
        assert_eq!(document, Document::default(), "{text:?}");
    }
}

#[test]
fn an_empty_block_is_not_no_block() {
    assert_eq!(document("a {}\nb"), "a {  }\nb");
}
