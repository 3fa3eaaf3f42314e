//! Rules about tests and what they expect, one file a rule.

mod always_holds;
mod bad_header_value;
mod capture_redefined;
mod capture_shadows_param;
mod capture_unused;
mod conflicting_expects;
mod constant_skip;
mod duplicate_header;
mod empty_range;
mod empty_test_name;
mod get_with_body;
mod hidden_redirect;
mod localhost_in_test;
mod no_body;
mod only_left_in;
mod poll_too_slow;
mod regex_matches_everything;
mod secret_in_url;
mod single_brace;
mod skip_without_reason;
mod test_expects_nothing;
mod tour;
mod unknown_host;
mod unused_column;
mod url;
mod url_fragment;
mod wait_exceeds_timeout;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    always_holds::RULE,
    bad_header_value::RULE,
    capture_redefined::RULE,
    capture_shadows_param::RULE,
    capture_unused::RULE,
    conflicting_expects::RULE,
    constant_skip::RULE,
    duplicate_header::RULE,
    empty_range::RULE,
    empty_test_name::RULE,
    get_with_body::RULE,
    hidden_redirect::RULE,
    localhost_in_test::RULE,
    no_body::RULE,
    only_left_in::RULE,
    poll_too_slow::RULE,
    regex_matches_everything::RULE,
    secret_in_url::RULE,
    single_brace::RULE,
    skip_without_reason::RULE,
    test_expects_nothing::RULE,
    unknown_host::RULE,
    unused_column::RULE,
    url_fragment::RULE,
    wait_exceeds_timeout::RULE,
];
