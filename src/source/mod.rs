//! Text as the author wrote it: files, byte spans, line index, the view of the file system that analysis may ask, the patterns by
//! which files are left out of a build, and the lines that two texts share.
//!
//! Main type: [`SourceFile`]. This room knows nothing of KDL, of pipelines, or of how spans are drawn.

mod file;
mod files;
mod glob;
mod kept_lines;
mod layout;
mod patterns;
mod span;
mod workspace;

pub use file::{Position, SourceFile};
pub use files::Files;
pub use glob::Glob;
pub use kept_lines::KeptLines;
pub use layout::Layout;
pub use patterns::{Matched, PatternError, Patterns, clean};
pub use span::{FileId, Span, Spanned};
pub use workspace::{EntryKind, MemoryWorkspace, Workspace, normal};
