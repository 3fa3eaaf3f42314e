//! Opinions about valid pipelines, one file a rule.
