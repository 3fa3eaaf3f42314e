//! The same tests in two languages: 1,000 requests with five expectations each.

use std::fmt::Write;

/// How many tests there are.
pub const TESTS: usize = 1000;

/// As a pipeline says them; `parallel` of them run beside each other.
pub fn pipeline(parallel: usize) -> String {
    let mut text = "service app {\n    image \"busybox:1.35\"\n    port 8000\n    healthcheck tcp=8000\n}\n".to_owned();
    let _ = writeln!(text, "acceptance todos {{\n    target app port=8000\n    parallel {parallel}");
    for number in 1..=TESTS {
        let _ = write!(
            text,
            "    test \"todo {number}\" {{\n        http GET \"/todos/{number}\" {{\n            expect status 200\n            \
             expect header Content-Type contains=json\n            expect json \"$.id\" {number}\n            \
             expect json \"$.tags\" count=2\n            expect body matches=\"Wash (the|a) car\"\n        }}\n    }}\n"
        );
    }
    text.push_str("}\n");
    text
}

/// As Hurl says those with these numbers.
pub fn hurl(port: u16, numbers: impl IntoIterator<Item = usize>) -> String {
    let mut text = String::new();
    for number in numbers {
        let _ = write!(
            text,
            "GET http://127.0.0.1:{port}/todos/{number}\nHTTP *\n[Asserts]\nstatus == 200\n\
             header \"Content-Type\" contains \"json\"\njsonpath \"$.id\" == {number}\njsonpath \"$.tags\" count == 2\n\
             body matches /Wash (the|a) car/\n\n"
        );
    }
    text
}
