//! Text as the author wrote it: files, byte spans, line index, and the view of the file system that analysis may ask.
//!
//! Main type: [`SourceFile`]. This room knows nothing of KDL, of pipelines, or of how spans are drawn.

mod file;
mod files;
mod span;
mod workspace;

pub use file::{Position, SourceFile};
pub use files::Files;
pub use span::{FileId, Span, Spanned};
pub use workspace::{EntryKind, MemoryWorkspace, Workspace, normal};
