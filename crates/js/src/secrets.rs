//! What scripts are told in confidence: named sources of secrets, and who must know when one was told.

use std::{collections::BTreeMap, fmt, sync::Arc};

/// Somewhere that secrets come from.
pub trait SecretSource: Send + Sync {
    /// The secret called `key`. May take its time: it is asked on a thread of its own.
    ///
    /// # Errors
    /// Why there is none.
    fn get(&self, key: &str) -> Result<String, String>;

    /// Lets go of who still waits in [`SecretSource::get`]: the run is over. What is asked for later
    /// is answered as before.
    fn let_go(&self) {}
}

/// What is called with each secret before a script has it.
pub type Told = dyn Fn(&str) + Send + Sync;

/// The sources of a run.
#[derive(Clone, Default)]
pub struct Secrets {
    sources: BTreeMap<String, Arc<dyn SecretSource>>,
    told: Option<Arc<Told>>,
}

impl Secrets {
    /// Sources by name. `told` is called with each secret before a script has it, so that it can be
    /// kept out of logs.
    pub fn new(sources: BTreeMap<String, Arc<dyn SecretSource>>, told: Arc<Told>) -> Self {
        Self { sources, told: Some(told) }
    }

    /// The secret `key` of the source `name`. k6: its words, but for the key.
    pub(crate) fn get(&self, name: &str, key: &str) -> Result<String, String> {
        if self.sources.is_empty() {
            return Err("no secret sources are configured".to_owned());
        }
        let source = self
            .sources
            .get(name)
            .ok_or_else(|| format!("no secret source with name {name:?} is configured"))?;
        let secret = source.get(key)?;
        if let Some(told) = &self.told {
            told(&secret);
        }
        Ok(secret)
    }

    /// Lets go of who still waits for a secret.
    pub(crate) fn let_go(&self) {
        for source in self.sources.values() {
            source.let_go();
        }
    }

    /// The name of the source that is asked when a script names none.
    pub const DEFAULT: &str = "default";
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.sources.keys()).finish()
    }
}
