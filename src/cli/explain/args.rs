use clap::{Args, ValueEnum};

/// `pipe explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A code such as stage-failed, or a node such as service.healthcheck; all topics where none is named
    pub topic: Option<String>,
    /// List every code with its weight, and every node of the language, or one of both
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, default_missing_value = "all", conflicts_with = "topic")]
    pub list: Option<Listed>,
    /// How it is shown
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    pub format: Form,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// The codes of diagnostics
    Codes,
    /// The nodes of the language
    Nodes,
    /// Both
    All,
}

/// How a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Wrapped to the terminal, through a pager where it is longer
    Text,
    /// As it is written
    Markdown,
    /// A JSON document
    Json,
}
