//! Trace events of Chrome, which Perfetto opens: a track for each node, a slice for each step that was at work.
//!
//! The format: <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>, complete events and names of tracks.

use std::io;

use serde::Serialize;

use super::{Context, Document, Record};
use crate::event::{Stamped, Summary};

/// Collects the times of a run.
pub struct Trace {
    record: Record,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    trace_events: Vec<Entry<'a>>,
    display_time_unit: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    ph: &'a str,
    pid: u32,
    tid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'a str>,
    /// In microseconds since the run began.
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<u128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<u128>,
    args: Arguments<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Arguments<'a> {
    Track { name: String },
    Step { does: String, end: &'a str },
}

impl Trace {
    /// Of a run that has not begun.
    pub fn new(context: Context) -> Self {
        Trace { record: Record::new(context) }
    }
}

impl Document for Trace {
    fn take(&mut self, stamped: &Stamped) {
        self.record.take(stamped);
    }

    fn text(&mut self, summary: &Summary) -> io::Result<String> {
        let context = self.record.context();
        let plan = &context.plan;
        let title = |name, tid, title: &str| Entry {
            name,
            ph: "M",
            pid: 1,
            tid,
            cat: None,
            ts: None,
            dur: None,
            args: Arguments::Track { name: title.to_owned() },
        };
        let mut events = vec![title("process_name", 0, plan.pipeline.as_str())];
        let at_work: Vec<_> = plan
            .steps
            .iter()
            .zip(&self.record.account.course.spans)
            .filter_map(|(step, span)| Some((step, span.as_ref()?)))
            .collect();
        let mut has_track = vec![false; plan.nodes.len()];
        at_work.iter().for_each(|(step, _)| has_track[step.node.index()] = true);
        for node in plan.nodes.iter().filter(|node| has_track[node.id.index()]) {
            events.push(title("thread_name", node.id.0 + 1, &(context.hide)(&node.name)));
        }
        events.extend(at_work.into_iter().map(|(step, span)| Entry {
            name: step.operation.verb(),
            ph: "X",
            pid: 1,
            tid: step.node.0 + 1,
            cat: Some(plan.node(step.node).kind.as_str()),
            ts: Some(span.begun.as_micros()),
            dur: Some(span.ended.unwrap_or(summary.took).saturating_sub(span.begun).as_micros()),
            args: Arguments::Step { does: (context.hide)(&step.operation.to_string()), end: span.end.as_str() },
        }));
        let file = File { trace_events: events, display_time_unit: "ms" };
        Ok(serde_json::to_string(&file).map_err(io::Error::other)? + "\n")
    }
}
