//! The names of the executors and of their fields.

use super::TABLE;

/// Which executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExecutorKind {
    /// A number of iterations, shared among VUs.
    SharedIterations,
    /// A number of iterations for each VU.
    PerVuIterations,
    /// A number of VUs for a time.
    ConstantVus,
    /// A number of VUs that changes along stages.
    RampingVus,
    /// A number of iterations per unit of time.
    ConstantArrivalRate,
    /// A number of iterations per unit of time that changes along stages.
    RampingArrivalRate,
}

/// A row of the table of executors.
#[derive(Debug)]
pub struct ExecutorSpec {
    /// Which one.
    pub kind: ExecutorKind,
    /// What scripts write after `executor`.
    pub name: &'static str,
    /// Its own fields, as scripts write them.
    pub fields: &'static [&'static str],
}

/// The fields that every scenario takes.
pub(crate) const FIELDS_OF_ALL: &[&str] =
    &["executor", "startTime", "gracefulStop", "env", "exec", "tags", "options"];

impl ExecutorKind {
    /// The executor that scripts call `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|spec| spec.name == name).map(|spec| spec.kind)
    }

    /// Its row of the table.
    pub fn spec(self) -> &'static ExecutorSpec {
        TABLE.iter().find(|spec| spec.kind == self).expect("every kind has a row")
    }

    /// What scripts call it.
    pub fn as_str(self) -> &'static str {
        self.spec().name
    }
}
