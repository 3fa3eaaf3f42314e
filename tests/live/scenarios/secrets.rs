//! What must never be seen.

use super::harness::{Checkout, Told, stage};
use crate::daemon::wanted;

const SECRET: &str = "s3cr3t c&n/ry+42";

/// Everything that such a value could look like.
fn forms() -> [&'static str; 4] {
    [SECRET, "s3cr3t%20c%26n%2Fry%2B42", "czNjcjN0IGMmbi9yeSs0Mg", "NjcjN0IGMmbi9yeSs0M"]
}

#[track_caller]
fn hidden(text: &str) {
    for form in forms() {
        assert!(!text.contains(form), "“{form}” is seen in:\n{text}");
    }
}

/// The checkout, its secret given by the environment.
fn pipe(checkout: &Checkout, arguments: &[&str]) -> Told {
    Told::of(checkout.command(arguments).env("CANARY", SECRET).output().expect("the binary of this package can be run"))
}

#[test]
fn a_secret_must_not_be_shown() {
    if !wanted() {
        return;
    }
    let text = "secret token default=s3cr3t-canary\n".to_owned()
        + &stage("a", "env { TOKEN (secret)token }\n    sh \"echo token=$TOKEN\"");
    let told = Checkout::with(&text).run(&[], 0);
    assert!(!told.out.contains("s3cr3t-canary"), "{}", told.out);
    told.says(&["a | token="]);
}

#[test]
fn a_secret_must_be_hidden_in_every_form_and_every_format() {
    if !wanted() {
        return;
    }
    // Ready once its line has arrived, so that the line belongs to no test.
    let text = "secret canary env=CANARY\n".to_owned()
        + "service web {\n    image \"busybox:1.35\"\n    env { CANARY (secret)canary }\n    sh \"mkdir /w; echo \\\"$CANARY\\\" > /w/index.html; httpd -p 8000 -h /w; echo \\\"web knows $CANARY\\\"; exec sleep 600\"\n    port 8000\n    healthcheck log=\"web knows\"\n}\n"
        + &stage(
            "a",
            "env { CANARY (secret)canary }\n    sh #\"printf 'plain %s\\nbase64 %s\\nuser %s\\n' \"$CANARY\" \"$(printf %s \"$CANARY\" | base64)\" \"$(printf 'u:%s' \"$CANARY\" | base64)\"; echo 'url s3cr3t%20c%26n%2Fry%2B42'; exit 3\"#",
        )
        + "acceptance b {\n    target web port=8000\n    test \"t\" { http GET \"/\" { expect body equals=nothing } }\n}\n";
    let checkout = Checkout::with(&text);
    for progress in ["plain", "json", "quiet"] {
        let told = pipe(&checkout, &["run", "--keep-going", "--progress", progress, "--report", "junit=all.xml"]);
        assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
        hidden(&told.out);
        hidden(&told.err);
        hidden(&checkout.read("all.xml"));
        told.says(&["plain ***", "base64 ***", "url ***"]);
        assert_eq!(told.out.contains("web knows ***"), progress != "quiet", "{}", told.out);
        assert!(checkout.read("all.xml").contains("***"));
    }
    for arguments in [&["plan"][..], &["check"]] {
        let told = pipe(&checkout, arguments);
        assert_eq!(told.code, 0, "{}", told.err);
        hidden(&told.out);
        hidden(&told.err);
    }
}

#[test]
fn the_log_of_a_kept_service_must_hide_secrets() {
    if !wanted() {
        return;
    }
    let text = "secret canary env=CANARY\nservice web {\n    image \"busybox:1.35\"\n    env { CANARY (secret)canary }\n    sh \"echo \\\"web knows $CANARY\\\"; exec sleep 600\"\n    healthcheck \"true\"\n}\n";
    let checkout = Checkout::with(text);
    let up = pipe(&checkout, &["up"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let logs = pipe(&checkout, &["logs", "web"]);
    assert_eq!((logs.code, logs.out.as_str()), (0, "web knows ***\n"));
    assert_eq!(pipe(&checkout, &["down"]).code, 0);
}

#[test]
fn a_command_that_holds_a_secrets_value_must_be_shown_without_it() {
    if !wanted() {
        return;
    }
    let text = "secret token default=s3cr3t-canary\n".to_owned()
        + &stage("a", "env { TOKEN (secret)token }\n    command echo \"-ps3cr3t-canary\"");
    let told = Checkout::with(&text).run(&[], 0);
    told.says(&["a > run echo -p***", "a | -p***"]);
}
