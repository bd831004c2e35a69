//! The rules of the repository that a compiler does not know. Each test prints every breach it
//! finds, with the rule's reason where the rule is not obvious.

mod licences;
mod links;
mod manifests;
mod pages;
mod sources;
mod tree;

/// Fails with all breaches at once: fixing them one run at a time wastes everybody's afternoon.
fn expect_none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}\n", breaches.join("\n  "));
}
