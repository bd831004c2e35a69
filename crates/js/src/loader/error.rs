//! Why a script could not be loaded.

/// A script or one of its modules could not be loaded. Says what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file given on the command line is not there or can't be read.
    #[error("the script `{path}` can't be read: {reason}")]
    Script {
        /// As the user wrote it.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// An import names something that can't be had.
    #[error("{message}{}", .importer.as_ref().map(|at| format!("\n\tat {at}")).unwrap_or_default())]
    Import {
        /// What is wrong, with the specifier.
        message: String,
        /// `file:line:column` of the import, where known.
        importer: Option<String>,
    },
    /// The source can't be parsed.
    #[error("SyntaxError: {message}\n\tat {file}:{line}:{column}\n\n{excerpt}")]
    Syntax {
        /// The parser's words.
        message: String,
        /// The file's URL.
        file: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The line and a caret below it.
        excerpt: String,
    },
}
