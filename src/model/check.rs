use super::Text;
use crate::ast;

/// `expect QUERY PREDICATE…`, or one of its kin; its chain holds a predicate.
pub type Check<T = Text> = ast::Check<T>;

/// `capture item header=Location`.
pub type Capture<T = Text> = ast::Capture<T>;

/// What is looked at in what a probe found.
pub type Query<T = Text> = ast::Query<T>;

/// A link of the chain that a value goes through.
pub type Link<T = Text> = ast::Link<T>;

/// Changes a value.
pub type Filter<T = Text> = ast::Filter<T>;

/// What a filter does.
pub type FilterKind<T = Text> = ast::FilterKind<T>;

/// One thing that must hold of a value.
pub type Predicate<T = Text> = ast::Predicate<T>;

/// What can be asked of a value.
pub type PredicateKind<T = Text> = ast::PredicateKind<T>;

/// What a value is compared with.
pub type Operand<T = Text> = ast::Operand<T>;
