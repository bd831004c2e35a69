//! Who said the value that an option has in the end.

use std::collections::BTreeMap;

use super::{ReadError, Source, TABLE};

/// The source of each option that one of them set, by the name of its field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    by_field: BTreeMap<&'static str, Source>,
}

impl Origins {
    pub(super) fn set(&mut self, field: &'static str, source: Source) {
        self.by_field.insert(field, source);
    }

    /// Who set the option.
    pub fn of(&self, field: &str) -> Option<Source> {
        self.by_field.get(field).copied()
    }

    /// The error for a value that was read and turned out to mean nothing, in the name that its source
    /// has for the option. `below` is the path within it, such as `[0].cert`.
    pub fn error(&self, field: &str, below: &str, problem: impl Into<String>) -> ReadError {
        let source = self.of(field).unwrap_or(Source::Script);
        let row = TABLE.iter().find(|row| row.field == field);
        let name = row.and_then(|row| match source {
            Source::Environment => row.env.map(str::to_owned),
            Source::Flags => row.flag.map(|flag| format!("--{}", flag.name)),
            Source::Script | Source::ConfigFile => row.key_in(source).map(str::to_owned),
        });
        let path = name.unwrap_or_else(|| field.to_owned()) + below;
        ReadError { source, path, problem: problem.into() }
    }
}
