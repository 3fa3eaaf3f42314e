//! Rules about commands and scripts, one file a rule. A script is parsed once, as [`ShellText`], for all of them.

mod apt_without_yes;
mod background_process;
mod bashism;
mod directory_lost;
mod docker_in_stage;
mod download_into_shell;
mod embedded;
mod failure_ignored;
mod hole_in_script;
mod interactive_program;
mod needless_sudo;
mod pipe_hides_failure;
mod script;
mod shebang_ignored;
mod shell_builtin;
mod shell_syntax;
mod sleep_as_wait;
mod text;
mod unquoted_removal;
mod unseen_character;
mod variable_not_expanded;

use super::Rule;
pub use embedded::{EmbeddedScript, scripts};
pub(in crate::lint) use text::ShellText;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    apt_without_yes::RULE,
    background_process::RULE,
    bashism::RULE,
    directory_lost::RULE,
    docker_in_stage::RULE,
    download_into_shell::RULE,
    failure_ignored::RULE,
    hole_in_script::RULE,
    interactive_program::RULE,
    needless_sudo::RULE,
    pipe_hides_failure::RULE,
    shebang_ignored::RULE,
    shell_builtin::RULE,
    shell_syntax::RULE,
    sleep_as_wait::RULE,
    unquoted_removal::RULE,
    unseen_character::RULE,
    variable_not_expanded::RULE,
];
