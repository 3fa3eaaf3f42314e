use std::time::{Duration, Instant};

use super::of;

/// Generous for a debug build on a busy machine, and far below what a quadratic look-up would take.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn thousands_of_unknown_names_are_told_soon() {
    let text: String =
        (0..2000).map(|i| format!("stage stage-number-{i} {{ image \"x:1\"; needs stag-number-{i}-x }}\n")).collect();
    let begun = Instant::now();
    let told = of(&text).diagnostics;
    assert_eq!(told.len(), 1001);
    assert!(told.iter().last().unwrap().message.contains("1000 more"));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[test]
fn a_long_chain_of_needs_costs_no_stack() {
    let mut text: String = (1..2000).map(|i| format!("stage s{i} {{ image \"x:1\"; needs s{} }}\n", i - 1)).collect();
    text.push_str("stage s0 { image \"x:1\" }\n");
    assert!(of(&text).pipeline.is_some());
    let cyclic = text.replace("stage s0 {", "stage s0 { needs s1999;");
    let begun = Instant::now();
    let analysis = of(&cyclic);
    assert_eq!(analysis.diagnostics.len(), 1);
    assert!(analysis.diagnostics.iter().next().unwrap().message.len() < 400, "the path is shortened");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[test]
fn a_long_chain_of_templates_costs_no_stack() {
    let mut text: String = (1..2000).map(|i| format!("template t{i} {{ extends t{} }}\n", i - 1)).collect();
    text.push_str("template t0 { image \"x:1\" }\nstage s { extends t1999 }\n");
    assert!(of(&text).pipeline.is_some());
}

proptest::proptest! {
    #[test]
    fn any_words_are_analysed(words in proptest::collection::vec(
        proptest::sample::select(&[
            "service ", "stage ", "acceptance ", "template ", "image ", "a ", "b ", "\"x:1\" ", "{ ", "}\n", "\n", "; ", "extends ",
            "needs ", "after ", "port ", "8000 ", "healthcheck ", "tcp=1 ", "\"{{a.url}}\" ", "\"{{b}}\" ", "param ", "secret ",
            "env ", "(secret)a ", "mount ", "\"/x\" ", "target ", "test ", "http GET \"/\" ", "expect ", "status ", "200 ", "\"", "/-",
        ][..]),
        0..60,
    )) {
        let text: String = words.concat();
        let analysis = of(&text);
        proptest::prop_assert_eq!(analysis.pipeline.is_none(), analysis.diagnostics.has_errors());
    }
}
