use super::difference::difference;
use super::filter::apply;
use super::query::title;
use super::snapshot::{masked, written};
use super::wanted::fill_filter;
use super::{Grounds, Observed, Snapshot, Subject, Verdict, Wanted, observe, verdict};
use crate::event::CheckFailure;
use crate::model::{Capture, Check, Filter, Link, Predicate, PredicateKind};
use crate::source::Span;

/// What came of a check.
#[derive(Debug, Default)]
pub struct Judged {
    /// The predicates that do not hold, in order; where nothing can be compared, the first of them alone. Values are whole, and secrets
    /// stand in them.
    pub failures: Vec<CheckFailure>,
    /// Where snapshots are made anew: what they saw.
    pub snapshots: Vec<Snapshot>,
}

/// Which predicates of `check` do not hold of what was found.
pub fn judge(check: &Check, found: &dyn Subject, grounds: &Grounds<'_>) -> Judged {
    let observed = match observe(&check.query, found, grounds.scope) {
        Ok(observed) => observed,
        Err(hole) => Observed::Broken(format!("`{{{{{hole}}}}}` has no value")),
    };
    let mut judging = Judging { subject: title(&check.query), grounds, judged: Judged::default() };
    judging.chain(observed, &check.chain, false);
    judging.judged
}

/// What `capture` keeps of what was found: what it looks at, once it went through its filters.
pub fn captured(capture: &Capture, found: &dyn Subject, grounds: &Grounds<'_>) -> Observed {
    let observed = observe(&capture.query, found, grounds.scope);
    let observed = observed.unwrap_or_else(|hole| Observed::Broken(format!("`{{{{{hole}}}}}` has no value")));
    capture.filters.iter().fold(observed, |observed, filter| {
        let filled = fill_filter(&filter.kind, grounds.scope);
        filled.and_then(|filter| apply(&filter, observed, grounds.now)).unwrap_or_else(Observed::Broken)
    })
}

/// A value on its way through a chain.
struct Judging<'a> {
    /// What is looked at, with the filters that it went through.
    subject: String,
    grounds: &'a Grounds<'a>,
    judged: Judged,
}

impl Judging<'_> {
    /// Whether the chain was gone through to its end.
    fn chain(&mut self, mut observed: Observed, chain: &[Link], not: bool) -> bool {
        let subject = self.subject.clone();
        for link in chain {
            let goes_on = match link {
                Link::Filter(filter) => match self.filter(filter, observed.clone()) {
                    Some(changed) => {
                        observed = changed;
                        true
                    }
                    None => false,
                },
                Link::Predicate(Predicate { not: own, kind: PredicateKind::Not(chain), .. }) => {
                    self.chain(observed.clone(), chain, not == *own)
                }
                Link::Predicate(predicate) => self.predicate(predicate, &observed, not != predicate.not),
            };
            if !goes_on {
                return false;
            }
        }
        self.subject = subject;
        true
    }

    fn filter(&mut self, filter: &Filter, observed: Observed) -> Option<Observed> {
        let shown = observed.to_string();
        let filled = fill_filter(&filter.kind, self.grounds.scope);
        match filled.and_then(|filter| apply(&filter, observed, self.grounds.now)) {
            Ok(changed) => {
                self.subject = format!("{} | {}", self.subject, filter.kind.word());
                Some(changed)
            }
            Err(why) => {
                let expected = format!("what `filter {}` takes", filter.kind.word());
                self.fail(filter.span, expected, shown, Some(why));
                None
            }
        }
    }

    /// Whether there is more to be said of the value.
    fn predicate(&mut self, predicate: &Predicate, observed: &Observed, not: bool) -> bool {
        let wanted = match Wanted::fill(&predicate.kind, self.grounds) {
            Ok(wanted) => wanted,
            Err(why) => {
                self.fail(predicate.span, "a predicate that can be asked".to_owned(), observed.to_string(), Some(why));
                return true;
            }
        };
        let masked = match &wanted {
            Wanted::Snapshot { file, .. } => {
                let masked = masked(observed, self.grounds.mask);
                let is_there = !matches!(observed, Observed::Broken(_) | Observed::Absent);
                if self.grounds.files.update_snapshots && !not && is_there {
                    self.judged.snapshots.push(Snapshot { file: file.clone(), text: written(&masked) });
                    return true;
                }
                Some(masked)
            }
            _ => None,
        };
        let observed = masked.as_ref().unwrap_or(observed);
        let expected = if not { format!("not {wanted}") } else { wanted.to_string() };
        let why = match verdict(observed, &wanted, not) {
            Verdict::Holds => return true,
            Verdict::Fails if not => None,
            Verdict::Fails => difference(observed, &wanted, self.grounds.mask),
            // A broken value says itself why.
            Verdict::WrongType(_) if matches!(observed, Observed::Broken(_)) => None,
            Verdict::WrongType(why) => Some(why),
        };
        self.fail(predicate.span, expected, observed.to_string(), why);
        !matches!(observed, Observed::Broken(_) | Observed::Absent)
    }

    fn fail(&mut self, span: Span, expected: String, actual: String, difference: Option<String>) {
        let failure = CheckFailure::new(span, self.subject.clone(), expected, actual);
        self.judged.failures.push(CheckFailure { difference, ..failure });
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use proptest::prelude::*;

    use super::*;
    use crate::model::{CheckStrength, Fact, JsonKind, Operand, Query, Values};
    use crate::probe::judge::answer::tests::{answer, judged, literal};
    use crate::probe::judge::{Files, FoundAnswer};
    use crate::source::FileId;

    fn check(query: Query, predicates: Vec<(bool, PredicateKind)>) -> Check {
        let span = |place| Span::new(FileId(0), place, place + 1);
        let predicates = predicates.into_iter().enumerate();
        Check {
            strength: CheckStrength::Expect,
            query,
            looked_at: span(0),
            chain: predicates
                .map(|(place, (not, kind))| Link::Predicate(Predicate { not, kind, span: span(place) }))
                .collect(),
            span: span(0),
        }
    }

    fn failures(query: Query, predicates: Vec<(bool, PredicateKind)>, body: &str) -> Vec<CheckFailure> {
        judged(&check(query, predicates), &answer(body), &Values::default()).failures
    }

    #[test]
    fn a_failure_tells_what_was_wanted_and_what_was_there() {
        let wanted = PredicateKind::Equals(Operand::Text(literal("Wash the car")));
        let failures = failures(Query::Json(literal("$.title")), vec![(false, wanted)], r#"{"title": "Wash the cat"}"#);
        let [failure] = failures.as_slice() else { panic!("{failures:?}") };
        assert_eq!(failure.subject, r#"json "$.title""#);
        assert_eq!(failure.expected, r#"equals "Wash the car""#);
        assert_eq!(failure.actual, r#""Wash the cat""#);
        assert_eq!(failure.difference, None);
    }

    #[test]
    fn all_predicates_are_asked_and_each_has_its_place() {
        let wanted = vec![
            (false, PredicateKind::Gt(300.0)),
            (false, PredicateKind::Lt(300.0)),
            (true, PredicateKind::Equals(Operand::Number(201.0))),
        ];
        let failures = failures(Query::Fact(Fact::Status), wanted, "");
        let expected: Vec<_> = failures.iter().map(|failure| failure.expected.as_str()).collect();
        assert_eq!(expected, ["gt 300", "not equals 201"]);
        assert_eq!((failures[0].span.start, failures[1].span.start), (0, 2));
    }

    #[test]
    fn what_is_not_there_fails_once_and_cannot_be_negated_away() {
        let wanted = vec![(true, PredicateKind::Equals(Operand::Number(1.0))), (true, PredicateKind::Null)];
        let failed = failures(Query::Json(literal("$.eror")), wanted, "{}");
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].actual, "nothing");
        assert!(failures(Query::Json(literal("$.eror")), vec![(true, PredicateKind::Exists)], "{}").is_empty());
    }

    #[test]
    fn patterns_and_json_of_the_author_that_do_not_read_are_told() {
        let failed = failures(Query::Fact(Fact::Body), vec![(true, PredicateKind::Matches(literal("(")))], "x");
        assert!(failed[0].difference.as_ref().is_some_and(|why| why.contains("does not read")), "{failed:?}");
        let failed = failures(Query::Fact(Fact::Body), vec![(true, PredicateKind::JsonEquals(literal("{")))], "x");
        assert!(failed[0].difference.as_ref().is_some_and(|why| why.contains("does not read")), "{failed:?}");
    }

    #[test]
    fn a_snapshot_that_is_not_there_fails_until_it_is_made_with_secrets_masked() {
        let kept = check(Query::Fact(Fact::Body), vec![(false, PredicateKind::Snapshot(literal("kept.txt")))]);
        let asked = |update: bool| {
            let files = Files::new(update);
            let mask = |text: &str| text.replace("hunter2", "***");
            let grounds =
                Grounds { scope: &Values::default(), files: &files, now: SystemTime::UNIX_EPOCH, mask: &mask };
            judge(&kept, &FoundAnswer::new(&answer("say hunter2")), &grounds)
        };
        let compared = asked(false);
        assert!(compared.snapshots.is_empty());
        let why = compared.failures[0].difference.as_deref();
        assert_eq!(why, Some("there is no snapshot `kept.txt` yet; `pipe run --update-snapshots` makes it"));
        let made = asked(true);
        assert!(made.failures.is_empty(), "{made:?}");
        assert_eq!(made.snapshots, [Snapshot { file: "kept.txt".to_owned(), text: "say ***".to_owned() }]);
    }

    fn any_predicate() -> impl Strategy<Value = PredicateKind> {
        let text = || ".{0,12}".prop_map(|text| literal(&text));
        let operand = || {
            prop_oneof![
                text().prop_map(Operand::Text),
                any::<f64>().prop_map(Operand::Number),
                any::<bool>().prop_map(Operand::Bool),
                Just(Operand::Null),
            ]
        };
        prop_oneof![
            operand().prop_map(PredicateKind::Equals),
            operand().prop_map(PredicateKind::Contains),
            proptest::collection::vec(operand(), 0..3).prop_map(PredicateKind::In),
            any::<f64>().prop_map(PredicateKind::Gt),
            (any::<f64>(), any::<f64>()).prop_map(|(low, high)| PredicateKind::Between(low, high)),
            text().prop_map(PredicateKind::Matches),
            text().prop_map(PredicateKind::StartsWith),
            text().prop_map(PredicateKind::HasKey),
            text().prop_map(PredicateKind::JsonEquals),
            text().prop_map(PredicateKind::JsonContains),
            any::<u64>().prop_map(PredicateKind::Count),
            Just(PredicateKind::Exists),
            Just(PredicateKind::Empty),
            Just(PredicateKind::Null),
            Just(PredicateKind::Type(JsonKind::Int)),
        ]
    }

    fn any_query() -> impl Strategy<Value = Query> {
        prop_oneof![
            "\\$[.\\[\\]a-z0-9*?@'\"]{0,12}".prop_map(|path| Query::Json(literal(&path))),
            ".{0,12}".prop_map(|pattern| Query::Regex(literal(&pattern))),
            ".{0,12}".prop_map(|name| Query::Header(literal(&name))),
            Just(Query::Fact(Fact::Body)),
            Just(Query::Fact(Fact::Status)),
            Just(Query::Fact(Fact::Sha256)),
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_asked_of_whatever_answer_is_answered(
            query in any_query(), kind in any_predicate(), not: bool, body in "([\\[{\"a:1,}\\]]{0,20}|.{0,20})",
        ) {
            let failed = failures(query, vec![(not, kind)], &body);
            prop_assert!(failed.len() <= 1);
        }
    }
}
