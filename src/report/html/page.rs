use std::fmt::Write;
use std::io;

use super::super::words::{plural, seconds};
use super::super::{Context, Document, Record, explain_case, summary_lines};
use super::escape::Escaped;
use super::graph::graph;
use super::timeline::timeline;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::render::{self, Style};
use crate::event::{CaseStatus, OutputStream, Stamped, Summary, TestCase};
use crate::plan::NodeId;

/// Collects what a page shows.
pub struct Html {
    record: Record,
}

/// How many failures are drawn; the rest is counted.
const FAILURES: usize = 100;

impl Html {
    /// Of a run that has not begun.
    pub fn new(context: Context) -> Self {
        Html { record: Record::new(context) }
    }

    fn context(&self) -> &Context {
        self.record.context()
    }

    fn hidden(&self, text: &str) -> Escaped<String> {
        Escaped((self.context().hide)(text))
    }

    fn name(&self, node: NodeId) -> Escaped<String> {
        self.hidden(&self.context().plan.node(node).name)
    }

    /// Diagnostics under the text of the pipeline.
    fn drawn(&self, diagnostics: &Diagnostics) -> Escaped<String> {
        let style = Style { color: false, unicode: true, limit: FAILURES, ..Style::default() };
        self.hidden(render::full(diagnostics, &self.context().files, &style).trim_end())
    }

    fn failures(&self, out: &mut String) {
        let diagnostics = self.record.account.failures.diagnostics(&self.context().plan);
        if diagnostics.is_empty() {
            return;
        }
        let title = plural(diagnostics.len(), "failure", "failures");
        let _ = writeln!(out, "<section id=\"failures\"><h2>{title}</h2>");
        for diagnostic in diagnostics.iter().take(FAILURES) {
            let one: Diagnostics = std::iter::once(diagnostic.clone()).collect();
            let _ = writeln!(out, "<pre class=\"failure\" tabindex=\"0\">{}</pre>", self.drawn(&one));
        }
        if let Some(rest) = diagnostics.len().checked_sub(FAILURES).filter(|rest| *rest > 0) {
            let _ = writeln!(out, "<p>and {rest} more</p>");
        }
        out.push_str("</section>\n");
    }

    fn tests(&self, out: &mut String) {
        let suites = self.record.suites();
        if suites.is_empty() {
            return;
        }
        out.push_str("<section id=\"tests\"><h2>Tests</h2>\n");
        for (node, cases) in suites {
            let failed = cases.iter().filter(|case| case.status.is_failure()).count();
            let open = if failed > 0 || cases.len() <= 20 { " open" } else { "" };
            let word = if failed > 0 { format!("{failed} of {} failed", cases.len()) } else { "passed".to_owned() };
            let (class, count) = (if failed > 0 { "failed" } else { "passed" }, plural(cases.len(), "test", "tests"));
            let _ = writeln!(
                out,
                "<details{open}><summary><b>{}</b> {count} <span class=\"{class}\">{word}</span></summary>\n<ul class=\"tests\">",
                self.name(node)
            );
            for case in cases {
                self.case(out, node, case);
            }
            out.push_str("</ul></details>\n");
        }
        out.push_str("</section>\n");
    }

    fn case(&self, out: &mut String, node: NodeId, case: &TestCase) {
        let (class, word) = match &case.status {
            CaseStatus::Passed if case.is_flaky() => ("flaky", "flaky"),
            CaseStatus::Passed => ("passed", "passed"),
            CaseStatus::Skipped(_) => ("skipped", "skipped"),
            CaseStatus::Checks(_) | CaseStatus::Failed(_) => ("failed", "failed"),
        };
        let took = case.took.map_or(String::new(), |took| format!(" <small>{}</small>", seconds(took)));
        let title = case.title(&self.context().plan.node(node).name);
        let _ = write!(out, "<li><span class=\"{class}\">{word}</span> {}{took}", self.hidden(&title));
        match &case.status {
            CaseStatus::Skipped(why) if !why.is_empty() => {
                let _ = write!(out, " <small>{}</small>", self.hidden(why));
            }
            status if status.is_failure() || case.is_flaky() => {
                let shown = match case.earlier.last() {
                    Some(earlier) if case.is_flaky() => &TestCase { status: earlier.clone(), ..case.clone() },
                    _ => case,
                };
                let told: Diagnostics = explain_case(&self.context().plan, node, shown).into_iter().collect();
                let _ = write!(
                    out,
                    "<details><summary>why</summary><pre tabindex=\"0\">{}</pre></details>",
                    self.drawn(&told)
                );
            }
            _ => {}
        }
        out.push_str("</li>\n");
    }

    fn lists(&self, out: &mut String) {
        if !self.record.warnings.is_empty() {
            out.push_str("<section id=\"warnings\"><h2>Warnings</h2>\n<ul>\n");
            for (node, text) in &self.record.warnings {
                let name = node.map_or(String::new(), |node| format!("<b>{}</b> ", self.name(node)));
                let _ = writeln!(out, "<li>{name}{}</li>", self.hidden(text));
            }
            out.push_str("</ul></section>\n");
        }
        if !self.record.artifacts.is_empty() {
            out.push_str("<section id=\"artifacts\"><h2>Artifacts</h2>\n<ul>\n");
            for (node, from, to) in &self.record.artifacts {
                let (name, from, to) = (self.name(*node), self.hidden(from), self.hidden(to));
                let _ = writeln!(out, "<li><b>{name}</b> <code>{from}</code> → <code>{to}</code></li>");
            }
            out.push_str("</ul></section>\n");
        }
    }

    fn logs(&self, out: &mut String) {
        let tails = self.context().plan.nodes.iter().zip(&self.record.tails);
        let written: Vec<_> = tails.filter(|(_, tail)| !tail.lines.is_empty()).collect();
        if written.is_empty() {
            return;
        }
        out.push_str("<section id=\"logs\"><h2>Logs</h2>\n");
        for (node, tail) in written {
            let lines = plural(tail.lines.len(), "line", "lines");
            let before = match tail.before {
                0 => String::new(),
                before => format!(", {before} before them"),
            };
            let _ = write!(
                out,
                "<details><summary><b>{}</b> <small>{lines}{before}</small></summary><pre tabindex=\"0\">",
                self.name(node.id)
            );
            for (stream, line) in &tail.lines {
                let line = self.hidden(&String::from_utf8_lossy(line));
                let _ = match stream {
                    OutputStream::Stdout => writeln!(out, "{line}"),
                    OutputStream::Stderr => writeln!(out, "<span class=\"stderr\">{line}</span>"),
                };
            }
            out.push_str("</pre></details>\n");
        }
        let _ = writeln!(
            out,
            "<p><small><code>pipe logs {}/NAME</code> shows all that was written, on the machine that ran this.</small></p>",
            Escaped(&self.record.run)
        );
        out.push_str("</section>\n");
    }
}

impl Document for Html {
    fn take(&mut self, stamped: &Stamped) {
        self.record.take(stamped);
    }

    fn text(&mut self, summary: &Summary) -> io::Result<String> {
        let mut body = String::new();
        self.failures(&mut body);
        self.tests(&mut body);
        graph(&self.record, &mut body);
        timeline(&self.record, summary, &mut body);
        self.lists(&mut body);
        self.logs(&mut body);

        let context = self.context();
        let mut lines = summary_lines(context, &self.record.account, summary).into_iter();
        let head = self.hidden(&lines.next().unwrap_or_default()).to_string();
        let pipeline = Escaped(context.plan.pipeline.as_str());
        let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.push_str(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
        );
        let _ = writeln!(out, "<title>{pipeline}: {head}</title>");
        let _ = writeln!(out, "<style>\n{}</style>\n</head>\n<body>", include_str!("style.css"));
        let verdict = summary.verdict.as_str();
        let class = if verdict == "passed" { "passed" } else { "failed" };
        let _ = writeln!(out, "<header><h1>{pipeline} <span class=\"{class}\">{}</span></h1>", words(verdict));
        let _ = writeln!(out, "<p>{head}</p>\n<ul>");
        let _ = writeln!(out, "<li>run <code>{}</code></li>", Escaped(&self.record.run));
        for line in lines {
            let _ = writeln!(out, "<li>{}</li>", self.hidden(&line));
        }
        out.push_str("</ul>\n<nav>");
        for id in ["failures", "tests", "graph", "timeline", "warnings", "artifacts", "logs"] {
            if body.contains(&format!("<section id=\"{id}\">")) {
                let _ = write!(out, "<a href=\"#{id}\">{id}</a> ");
            }
        }
        let _ = write!(out, "</nav></header>\n<main>\n{body}</main>\n</body>\n</html>\n");
        Ok(out)
    }
}

/// `engine-failed` as people read it.
fn words(verdict: &str) -> String {
    verdict.replace('-', " ")
}
