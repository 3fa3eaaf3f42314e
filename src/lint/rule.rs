use super::{
    database_socket_check, secret_default, service_without_healthcheck, static_host_port, test_expects_nothing,
    unneeded_service, unused, writable_bind_mount,
};
use crate::ast::Spec;
use crate::diagnostic::{Code, Diagnostics};
use crate::model::Pipeline;
use crate::source::Files;

/// One opinion: its code, whose page says why, and the function that looks for it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What it tells; its severity and its page are the code's.
    pub code: Code,
    /// Looks, and tells.
    pub check: fn(&Subject<'_>, &mut Diagnostics),
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The text, for edits.
    pub files: &'a Files,
    /// What is written.
    pub spec: &'a Spec,
    /// What it means.
    pub pipeline: &'a Pipeline,
}

/// Every rule there is, by code.
pub const RULES: &[Rule] = &[
    database_socket_check::RULE,
    secret_default::RULE,
    service_without_healthcheck::RULE,
    static_host_port::RULE,
    test_expects_nothing::RULE,
    unneeded_service::RULE,
    unused::RULES[0],
    unused::RULES[1],
    unused::RULES[2],
    unused::RULES[3],
    unused::RULES[4],
    unused::RULES[5],
    writable_bind_mount::RULE,
];

/// What all rules have to say of a pipeline.
pub fn run(subject: &Subject<'_>) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for rule in RULES {
        (rule.check)(subject, &mut diagnostics);
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_one_rule() {
        let mut slugs: Vec<_> = RULES.iter().map(|rule| rule.code.slug()).collect();
        let declared: Vec<_> = crate::diagnostic::codes::lints::ALL.iter().map(Code::slug).collect();
        slugs.sort_unstable();
        assert_eq!(slugs, declared, "the codes of lints, in alphabetical order");
    }
}
