//! What `SharedArray` shares: arrays kept as JSON, once for all VUs of a script.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
};

/// The elements of an array as JSON texts, one after the other in one piece of memory.
#[derive(Debug, Default)]
pub(crate) struct SharedArray {
    text: String,
    /// Where each element ends in `text`.
    ends: Vec<usize>,
}

impl SharedArray {
    /// Adds an element, as JSON.
    pub(crate) fn push(&mut self, json: &str) {
        self.push_with(|text| text.push_str(json));
    }

    /// Adds the element that `write` appends to the text, as JSON.
    pub(crate) fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
    }

    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The JSON of an element.
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }

    /// Gives back what it does not need once it is complete.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// The shared arrays of a script by name.
#[derive(Debug, Default)]
pub(crate) struct SharedArrays {
    entries: Mutex<BTreeMap<String, Entry>>,
    changed: Condvar,
}

#[derive(Debug)]
enum Entry {
    /// A VU on this thread makes it.
    Building(ThreadId),
    Ready(Arc<SharedArray>),
}

/// What [`SharedArrays::claim`] found.
pub(crate) enum Claim {
    /// It exists.
    Ready(Arc<SharedArray>),
    /// The caller makes it, and says so by [`SharedArrays::settle`], whatever comes of it.
    Mine,
}

impl SharedArrays {
    /// The array of that name, or the task of making it. Waits for another thread that makes it,
    /// unless this one makes an array itself: two that wait for each other would wait for ever.
    pub(crate) fn claim(&self, name: &str) -> Claim {
        let this = thread::current().id();
        let mut entries = self.lock();
        loop {
            let is_building = |entry: &Entry| matches!(entry, Entry::Building(by) if *by == this);
            match entries.get(name) {
                Some(Entry::Ready(array)) => return Claim::Ready(Arc::clone(array)),
                Some(Entry::Building(_)) if !entries.values().any(is_building) => {
                    entries = self.changed.wait(entries).unwrap_or_else(PoisonError::into_inner);
                }
                Some(Entry::Building(_)) => return Claim::Mine,
                None => {
                    entries.insert(name.to_owned(), Entry::Building(this));
                    return Claim::Mine;
                }
            }
        }
    }

    /// Ends what [`claim`](Self::claim) began, with an array or with why there is none. Returns the
    /// array of that name, which is another's if that was ready first.
    ///
    /// # Errors
    /// Those of `made`.
    pub(crate) fn settle<E>(
        &self,
        name: &str,
        made: Result<SharedArray, E>,
    ) -> Result<Arc<SharedArray>, E> {
        let mut entries = self.lock();
        let settled = match (entries.get(name), made) {
            (Some(Entry::Ready(array)), Ok(_)) => Ok(Arc::clone(array)),
            (_, Ok(array)) => {
                let array = Arc::new(array);
                entries.insert(name.to_owned(), Entry::Ready(Arc::clone(&array)));
                Ok(array)
            }
            (Some(Entry::Ready(_)), Err(error)) => Err(error),
            (_, Err(error)) => {
                entries.remove(name);
                Err(error)
            }
        };
        self.changed.notify_all();
        settled
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(elements: &[&str]) -> SharedArray {
        let mut array = SharedArray::default();
        for element in elements {
            array.push(element);
        }
        array.shrink();
        array
    }

    #[test]
    fn elements_are_told_apart() {
        let array = array(&["1", "", "\"é\""]);
        assert_eq!(array.len(), 3);
        let elements = [0, 1, 2, 3].map(|index| array.get(index));
        assert_eq!(elements, [Some("1"), Some(""), Some("\"é\""), None]);
    }

    #[test]
    fn the_first_is_everybodys() {
        let arrays = SharedArrays::default();
        assert!(matches!(arrays.claim("a"), Claim::Mine));
        assert_eq!(arrays.settle("a", Err("no")).unwrap_err(), "no");
        assert!(matches!(arrays.claim("a"), Claim::Mine));
        // Nested in its own making: there is nobody to wait for.
        assert!(matches!(arrays.claim("a"), Claim::Mine));
        assert_eq!(arrays.settle("a", Ok::<_, ()>(array(&["1"]))).unwrap().len(), 1);
        assert_eq!(arrays.settle("a", Ok::<_, ()>(array(&[]))).unwrap().len(), 1);
        assert!(matches!(arrays.claim("a"), Claim::Ready(_)));
    }

    #[test]
    fn others_wait_for_who_makes_it() {
        let arrays = SharedArrays::default();
        assert!(matches!(arrays.claim("a"), Claim::Mine));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| match arrays.claim("a") {
                Claim::Ready(array) => array.len(),
                Claim::Mine => 0,
            });
            arrays.settle("a", Ok::<_, ()>(array(&["1", "2"]))).unwrap();
            assert_eq!(waiting.join().unwrap(), 2);
        });
    }
}
