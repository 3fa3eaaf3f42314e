use super::difference::difference;
use super::query::title;
use super::{Observed, Verdict, Wanted, observe, verdict};
use crate::event::CheckFailure;
use crate::model::{Check, Predicate, Scope};
use crate::probe::http::Answer;

/// The predicates of `check` that do not hold of `answer`, in order; where nothing can be compared, the first of them alone.
pub fn judge(check: &Check, answer: &Answer, scope: &dyn Scope) -> Vec<CheckFailure> {
    let observed = match observe(&check.query, answer, scope) {
        Ok(observed) => observed,
        Err(hole) => Observed::Broken(format!("`{{{{{hole}}}}}` has no value")),
    };
    let mut failures = Vec::new();
    for predicate in &check.predicates {
        let Some(failure) = judge_one(check, predicate, &observed, scope) else { continue };
        failures.push(failure);
        if matches!(observed, Observed::Broken(_) | Observed::Absent) {
            break;
        }
    }
    failures
}

fn judge_one(check: &Check, predicate: &Predicate, observed: &Observed, scope: &dyn Scope) -> Option<CheckFailure> {
    let failure = |expected: String, difference: Option<String>| CheckFailure {
        span: predicate.span,
        subject: title(&check.query),
        expected,
        actual: observed.to_string(),
        difference,
        exchange: None,
    };
    let wanted = match Wanted::fill(&predicate.kind, scope) {
        Ok(wanted) => wanted,
        Err(why) => return Some(failure("a predicate that can be asked".to_owned(), Some(why))),
    };
    let expected = if predicate.not { format!("not {wanted}") } else { wanted.to_string() };
    match verdict(observed, &wanted, predicate.not) {
        Verdict::Holds => None,
        Verdict::Fails if predicate.not => Some(failure(expected, None)),
        Verdict::Fails => Some(failure(expected, difference(observed, &wanted))),
        // A broken value says itself why.
        Verdict::WrongType(_) if matches!(observed, Observed::Broken(_)) => Some(failure(expected, None)),
        Verdict::WrongType(why) => Some(failure(expected, Some(why))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{CheckStrength, JsonKind, Operand, PredicateKind, Query, Values};
    use crate::probe::judge::query::tests::{answer, literal};
    use crate::source::{FileId, Span};

    fn check(query: Query, predicates: Vec<(bool, PredicateKind)>) -> Check {
        let span = |place| Span::new(FileId(0), place, place + 1);
        let predicates = predicates.into_iter().enumerate();
        Check {
            strength: CheckStrength::Expect,
            query,
            predicates: predicates.map(|(place, (not, kind))| Predicate { not, kind, span: span(place) }).collect(),
            span: span(0),
        }
    }

    fn failures(query: Query, predicates: Vec<(bool, PredicateKind)>, body: &str) -> Vec<CheckFailure> {
        judge(&check(query, predicates), &answer(body), &Values::default())
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
        let failures = failures(Query::Status, wanted, "");
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
        let failed = failures(Query::Body, vec![(true, PredicateKind::Matches(literal("(")))], "x");
        assert!(failed[0].difference.as_ref().is_some_and(|why| why.contains("does not read")), "{failed:?}");
        let failed = failures(Query::Body, vec![(true, PredicateKind::JsonEquals(literal("{")))], "x");
        assert!(failed[0].difference.as_ref().is_some_and(|why| why.contains("does not read")), "{failed:?}");
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
            Just(Query::Body),
            Just(Query::Status),
            Just(Query::Sha256),
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
