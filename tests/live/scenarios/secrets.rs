//! What must never be seen.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

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
