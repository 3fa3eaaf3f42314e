//! Rules about images and the Dockerfiles that they are built from, one file a rule. A Dockerfile is read once, as [`Built`], for all of them.

mod built;
mod built_twice;
mod ignored_copy_source;
mod latest_tag;
mod missing_copy_source;
mod missing_dockerignore;
mod tag_collision;
mod unpinned_base;

use super::Rule;
pub(super) use built::Built;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    built_twice::RULE,
    ignored_copy_source::RULE,
    latest_tag::RULE,
    missing_copy_source::RULE,
    missing_dockerignore::RULE,
    tag_collision::RULE,
    unpinned_base::RULE,
];
