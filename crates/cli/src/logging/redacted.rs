//! Secrets that were told to scripts, and are kept out of log lines.

use std::sync::{
    PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

/// The secrets known so far. Costs the lines of a run without secrets one look at a flag.
#[derive(Default)]
pub(super) struct Redacted {
    any: AtomicBool,
    /// The longest first: one may be part of another.
    secrets: RwLock<Vec<String>>,
}

impl Redacted {
    /// Adds a secret. k6 replaces an empty one too, between all letters.
    pub(super) fn add(&self, secret: &str) {
        let in_json = serde_json::to_string(secret).unwrap_or_default();
        let in_json = in_json.get(1..in_json.len().saturating_sub(1)).unwrap_or_default();
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        for form in [secret, in_json] {
            if !form.is_empty() && !secrets.iter().any(|known| known == form) {
                secrets.push(form.to_owned());
            }
        }
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        self.any.store(!secrets.is_empty(), Ordering::Release);
    }

    /// Takes them out of `text`.
    pub(super) fn clean(&self, text: &mut String) {
        if !self.any.load(Ordering::Acquire) {
            return;
        }
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        // In one pass, so that a secret like `RED` does not tear apart what stands for another.
        let mut clean = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            if let Some(secret) = secrets.iter().find(|secret| rest.starts_with(secret.as_str())) {
                clean.push_str(INSTEAD);
                rest = &rest[secret.len()..];
            } else {
                clean.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        *text = clean;
    }
}

/// k6: its words.
const INSTEAD: &str = "***SECRET_REDACTED***";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_in_each_form() {
        let redacted = Redacted::default();
        let check = |text: &str, expect: &str| {
            let mut text = text.to_owned();
            redacted.clean(&mut text);
            assert_eq!(text, expect);
        };
        check("cool", "cool");
        for secret in ["cool", "cooler", "a\"b", "", "RED", "é"] {
            redacted.add(secret);
        }
        check("it is cool, or cooler", "it is ***SECRET_REDACTED***, or ***SECRET_REDACTED***");
        check(r#"{"v":"a\"b"} a"b"#, r#"{"v":"***SECRET_REDACTED***"} ***SECRET_REDACTED***"#);
        check("éa", "***SECRET_REDACTED***a");
        check("", "");
    }
}
