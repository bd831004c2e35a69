//! Names to metrics, metrics with tags to series. One per run, shared by all its threads; workers
//! keep the numbers they got, so no lock is on the path of a sample.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use crate::{Builtin, Metric, MetricId, MetricKind, SeriesId, TagSet, ValueKind, builtin};

/// The metrics of a run and every series of them that was used.
#[derive(Debug)]
pub struct Registry {
    builtin: Builtin,
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    metrics: Vec<Metric>,
    by_name: HashMap<Arc<str>, MetricId>,
    series: Vec<Series>,
    by_key: HashMap<(MetricId, TagSet), SeriesId>,
}

/// One time series: a metric with one set of tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The metric.
    pub metric: Metric,
    /// The tags that every sample of the series has.
    pub tags: TagSet,
}

impl Registry {
    /// A registry that knows the built-in metrics.
    pub fn new() -> Arc<Self> {
        let registry = Self { builtin: Builtin::numbered(), inner: RwLock::new(Inner::default()) };
        for &(name, kind, value) in builtin::TABLE {
            registry.write().add(name, kind, value);
        }
        Arc::new(registry)
    }

    /// The built-in metrics.
    pub fn builtin(&self) -> &Builtin {
        &self.builtin
    }

    /// The metric called `name`, made if there is none yet.
    ///
    /// # Errors
    /// [`RegisterError::Name`] for a name that k6 refuses, [`RegisterError::Conflict`] when the
    /// name is taken by a metric of another kind or unit.
    pub fn register(
        &self,
        name: &str,
        kind: MetricKind,
        value: ValueKind,
    ) -> Result<MetricId, RegisterError> {
        if !is_valid_name(name) {
            return Err(RegisterError::Name(name.to_owned()));
        }
        let mut inner = self.write();
        match inner.by_name.get(name).map(|id| &inner.metrics[id.index()]) {
            Some(known) if known.kind == kind && known.value == value => Ok(known.id),
            Some(known) => Err(RegisterError::Conflict {
                name: name.to_owned(),
                is: (known.kind, known.value),
                wanted: (kind, value),
            }),
            None => Ok(inner.add(name, kind, value)),
        }
    }

    /// The metric of that number.
    pub fn metric(&self, id: MetricId) -> Metric {
        self.read().metrics[id.index()].clone()
    }

    /// The metric of that name, if it exists.
    pub fn find(&self, name: &str) -> Option<Metric> {
        let inner = self.read();
        inner.by_name.get(name).map(|id| inner.metrics[id.index()].clone())
    }

    /// All metrics in the order of registration.
    pub fn metrics(&self) -> Vec<Metric> {
        self.read().metrics.clone()
    }

    /// The series of `metric` with `tags`, made on first use. Takes a lock: callers keep the
    /// number for as long as their tags stay the same.
    pub fn series(&self, metric: MetricId, tags: &TagSet) -> SeriesId {
        let key = (metric, tags.clone());
        if let Some(&id) = self.read().by_key.get(&key) {
            return id;
        }
        let mut inner = self.write();
        if let Some(&id) = inner.by_key.get(&key) {
            return id;
        }
        let id = SeriesId(u32::try_from(inner.series.len()).expect("fewer than 2^32 series"));
        let metric = inner.metrics[metric.index()].clone();
        inner.series.push(Series { metric, tags: tags.clone() });
        inner.by_key.insert(key, id);
        id
    }

    /// What a series number stands for.
    pub fn series_of(&self, id: SeriesId) -> Series {
        self.read().series[id.index()].clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn add(&mut self, name: &str, kind: MetricKind, value: ValueKind) -> MetricId {
        let id = MetricId(u32::try_from(self.metrics.len()).expect("fewer than 2^32 metrics"));
        let name: Arc<str> = name.into();
        self.by_name.insert(name.clone(), id);
        self.metrics.push(Metric { id, name, kind, value });
        id
    }
}

/// k6: 1 to 128 ASCII letters, digits or underscores, not beginning with a digit.
fn is_valid_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Why a metric could not be registered.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RegisterError {
    /// The name is not one that k6 takes.
    #[error(
        "`{0}` is not a metric name: use 1 to 128 ASCII letters, digits or underscores, and start with a letter or underscore"
    )]
    Name(String),
    /// The name is taken.
    #[error(
        "metric `{name}` already exists with type {} and value type {}, not {} and {}",
        is.0.as_str(), is.1.as_str(), wanted.0.as_str(), wanted.1.as_str()
    )]
    Conflict {
        /// The name.
        name: String,
        /// What is registered.
        is: (MetricKind, ValueKind),
        /// What was asked for.
        wanted: (MetricKind, ValueKind),
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_numbers_match_their_names() {
        let registry = Registry::new();
        let builtin = registry.builtin();
        assert_eq!(&*registry.metric(builtin.vus).name, "vus");
        assert_eq!(&*registry.metric(builtin.http_req_receiving).name, "http_req_receiving");
        assert_eq!(registry.find("ws_sessions").map(|m| m.id), Some(builtin.ws_sessions));
    }

    #[test]
    fn a_name_keeps_its_kind() {
        let registry = Registry::new();
        let id = registry.register("mine", MetricKind::Trend, ValueKind::Time);
        assert_eq!(id, registry.register("mine", MetricKind::Trend, ValueKind::Time));
        assert!(matches!(
            registry.register("mine", MetricKind::Trend, ValueKind::Default),
            Err(RegisterError::Conflict { .. })
        ));
        for bad in ["", "1a", "a b", "é", &"a".repeat(129)] {
            assert_eq!(
                registry.register(bad, MetricKind::Rate, ValueKind::Default),
                Err(RegisterError::Name(bad.to_owned()))
            );
        }
    }

    #[test]
    fn equal_tags_are_one_series() {
        let registry = Registry::new();
        let metric = registry.builtin().checks;
        let tags: TagSet = [("check", "ok"), ("group", "")].into_iter().collect();
        let again: TagSet = [("group", ""), ("check", "ok")].into_iter().collect();
        let id = registry.series(metric, &tags);
        assert_eq!(id, registry.series(metric, &again));
        assert_ne!(id, registry.series(metric, &TagSet::empty()));
        assert_eq!(registry.series_of(id).tags, tags);
    }
}
