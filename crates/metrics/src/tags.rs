//! Tag sets: immutable, sorted by key, cheap to clone and to compare.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// A set of tags, each key once, in the order of the keys. A clone is a pointer copy; equality
/// looks at the pointer first and then at a hash made once.
#[derive(Clone)]
pub struct TagSet(Arc<Inner>);

struct Inner {
    hash: u64,
    pairs: Box<[(Arc<str>, Arc<str>)]>,
}

impl TagSet {
    /// The set without tags.
    pub fn empty() -> Self {
        Self::from_sorted(Vec::new())
    }

    /// This set with `key` set to `value`, replacing what it had.
    #[must_use]
    pub fn with(&self, key: &str, value: &str) -> Self {
        if self.get(key) == Some(value) {
            return self.clone();
        }
        self.with_all([(key, value)])
    }

    /// This set with every tag of `other`, which wins where both have a key.
    #[must_use]
    pub fn with_all<'a>(&self, other: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut pairs = self.0.pairs.to_vec();
        for (key, value) in other {
            match pairs.binary_search_by(|(k, _)| (**k).cmp(key)) {
                Ok(at) => pairs[at].1 = value.into(),
                Err(at) => pairs.insert(at, (key.into(), value.into())),
            }
        }
        Self::from_sorted(pairs)
    }

    /// This set without `key`.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        match self.0.pairs.binary_search_by(|(k, _)| (**k).cmp(key)) {
            Ok(at) => {
                let mut pairs = self.0.pairs.to_vec();
                pairs.remove(at);
                Self::from_sorted(pairs)
            }
            Err(_) => self.clone(),
        }
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.0.pairs.binary_search_by(|(k, _)| (**k).cmp(key)).ok()?;
        Some(&self.0.pairs[at].1)
    }

    /// The tags in the order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.pairs.iter().map(|(key, value)| (&**key, &**value))
    }

    /// How many tags there are.
    pub fn len(&self) -> usize {
        self.0.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.pairs.is_empty()
    }

    /// Whether every tag of `wanted` is in this set with the same value: the rule by which a
    /// sample belongs to a sub-metric.
    pub fn contains(&self, wanted: &TagSet) -> bool {
        wanted.iter().all(|(key, value)| self.get(key) == Some(value))
    }

    fn from_sorted(pairs: Vec<(Arc<str>, Arc<str>)>) -> Self {
        let mut hasher = DefaultHasher::new();
        pairs.hash(&mut hasher);
        Self(Arc::new(Inner { hash: hasher.finish(), pairs: pairs.into() }))
    }
}

impl Default for TagSet {
    fn default() -> Self {
        Self::empty()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for TagSet {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(tags: T) -> Self {
        Self::empty().with_all(tags)
    }
}

impl PartialEq for TagSet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.hash == other.0.hash && self.0.pairs == other.0.pairs)
    }
}

impl Eq for TagSet {}

impl Hash for TagSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl fmt::Debug for TagSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_each_key_once_in_order() {
        let tags: TagSet = [("b", "2"), ("a", "1"), ("b", "3")].into_iter().collect();
        assert_eq!(tags.iter().collect::<Vec<_>>(), [("a", "1"), ("b", "3")]);
        assert_eq!(tags.with("a", "1"), tags);
        assert_eq!(tags.without("b"), [("a", "1")].into_iter().collect());
    }

    #[test]
    fn contains_is_by_key_and_value() {
        let tags: TagSet = [("a", "1"), ("b", "2")].into_iter().collect();
        assert!(tags.contains(&[("b", "2")].into_iter().collect()));
        assert!(!tags.contains(&[("b", "1")].into_iter().collect()));
        assert!(!tags.contains(&[("c", "1")].into_iter().collect()));
        assert!(tags.contains(&TagSet::empty()));
    }
}
