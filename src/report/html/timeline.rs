use std::fmt::Write;
use std::time::Duration;

use super::super::Record;
use super::super::course::{End, Span};
use super::super::words::seconds;
use super::escape::Escaped;
use crate::event::Summary;
use crate::plan::{Lane, NodeKind};

/// When each node was at work: a row a node, a bar a step, all on one scale from the beginning of the run to its end.
pub fn timeline(record: &Record, summary: &Summary, out: &mut String) {
    let (context, plan) = (record.context(), &record.context().plan);
    let all = summary.took.max(Duration::from_millis(1));
    let mut rows: Vec<Vec<(usize, &Span)>> = vec![Vec::new(); plan.nodes.len()];
    for (index, span) in record.account.course.spans.iter().enumerate() {
        if let Some(span) = span {
            rows[plan.steps[index].node.index()].push((index, span));
        }
    }
    let shown = |kind| !matches!(kind, NodeKind::Network | NodeKind::Volume);
    let mut rows: Vec<_> =
        plan.nodes.iter().zip(rows).filter(|(node, spans)| shown(node.kind) && !spans.is_empty()).collect();
    rows.sort_by_key(|(node, spans)| (spans.iter().map(|(_, span)| span.begun).min(), node.id));
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "<section id=\"timeline\"><h2>Timeline <small>{}</small></h2>", seconds(summary.took));
    out.push_str("<div class=\"timeline\">\n");
    for (node, spans) in rows {
        let name = Escaped((context.hide)(&node.name));
        let _ = write!(out, "<div class=\"row\"><span class=\"name\">{name}</span><span class=\"track\">");
        for (index, span) in spans {
            let step = &plan.steps[index];
            let took = span.ended.unwrap_or(summary.took).saturating_sub(span.begun);
            let part = |time: Duration| time.as_secs_f64() / all.as_secs_f64() * 100.0;
            let class = match (step.lane, span.end) {
                (_, End::Failed) => "failed",
                (_, End::Allowed) => "allowed",
                (Lane::TearDown, _) => "down",
                (_, End::Cancelled | End::None) => "cut",
                (_, End::Succeeded) if step.operation.verb() == "await" => "await",
                (_, End::Succeeded) => "passed",
            };
            let title = format!("{} {}, {}", step.operation.verb(), span.end.as_str(), seconds(took));
            let _ = write!(
                out,
                "<i class=\"{class}\" style=\"left:{:.3}%;width:{:.3}%\" title=\"{} from {}\"></i>",
                part(span.begun).min(100.0),
                part(took).min(100.0),
                Escaped(title),
                seconds(span.begun),
            );
        }
        out.push_str("</span></div>\n");
    }
    out.push_str("</div></section>\n");
}
