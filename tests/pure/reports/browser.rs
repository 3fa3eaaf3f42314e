use std::process::Command;

use pipe::event::Verdict;
use pipe::report::ReportFormat;

use super::recording::Recording;

/// The width of a phone, in pixels of a style sheet.
const PHONE: usize = 360;

/// What the page around ours asks of it, and answers as attributes of itself.
const QUESTIONS: &str = "
    onload = () => {
        const page = document.getElementById('page');
        const root = page.contentDocument.documentElement;
        const box = (selector) => root.querySelector(selector).getBoundingClientRect();
        const bars = [...root.querySelectorAll('.track i')].map((bar) => bar.getBoundingClientRect());
        const answers = {
            beyond: root.scrollWidth - root.clientWidth,
            high: root.scrollHeight,
            heading: root.querySelector('h1').innerText,
            requests: page.contentWindow.performance.getEntriesByType('resource').length,
            drawn: box('svg').height,
            bars: bars.filter((bar) => bar.width > 0 && bar.height > 0).length,
            colour: getComputedStyle(root.querySelector('span.failed')).color,
        };
        for (const name in answers) document.body.setAttribute('data-' + name, answers[name]);
        page.remove();
    };
";

/// Where a browser is wanted, as `tests/run.sh` wants it, it must be there.
#[test]
fn a_page_is_readable_at_the_width_of_a_phone_and_asks_nobody_for_anything() {
    let Some(browser) = std::env::var_os("PIPE_TEST_BROWSER") else {
        eprintln!("skipped: PIPE_TEST_BROWSER names no browser");
        return;
    };
    let page = Recording::of(Verdict::Failed).told(ReportFormat::Html);
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    let around = format!(
        "<!doctype html><html><body><iframe id=\"page\" style=\"width:{PHONE}px;height:640px;border:0\" srcdoc=\"{page}\"></iframe><script>{QUESTIONS}</script></body></html>"
    );
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("around.html");
    std::fs::write(&file, around).expect("a file in it");
    let profile = format!("--user-data-dir={}", directory.path().join("profile").display());
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--disable-background-networking", "--proxy-server=127.0.0.1:9", &profile, "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("the browser can be run");
    let dom = String::from_utf8_lossy(&output.stdout);
    let answer = |name: &str| {
        let (_, rest) = dom.split_once(&format!("data-{name}=\"")).unwrap_or_else(|| panic!("no {name} in {dom}"));
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let number = |name: &str| answer(name).parse::<f64>().unwrap_or_else(|_| panic!("{name} in {dom}"));
    assert_eq!(number("beyond"), 0.0, "nothing is wider than the page");
    assert!(number("high") > 640.0);
    assert_eq!(answer("heading"), "shop failed");
    assert_eq!(number("requests"), 0.0);
    assert!(number("drawn") > 40.0 && number("bars") >= 5.0, "{dom}");
    assert_ne!(answer("colour"), "rgb(0, 0, 0)", "its style sheet is obeyed");
}
