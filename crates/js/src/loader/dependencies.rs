//! What a script and all that it imports depend on, found without running or compiling any of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use url::Url;

use super::{
    LoadError,
    analyse::analyse,
    constraint::Constraint,
    directives::{K6_VERSION, directives},
    files::Files,
    graph::{self, Fetching},
    resolve::{Resolved, resolve},
};

/// What `deps` tells of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Files, pages and modules, the script itself among them.
    pub imports: BTreeSet<String>,
    /// k6 and its extensions, where the script wants them, and in which versions; `*` is any.
    pub wanted: BTreeMap<String, String>,
}

impl Dependencies {
    /// Says in which versions those are wanted of which the script says nothing.
    pub fn default_to(&mut self, versions: &BTreeMap<String, String>) {
        for (name, constraint) in &mut self.wanted {
            if let (ANY, Some(version)) = (constraint.as_str(), versions.get(name)) {
                version.clone_into(constraint);
            }
        }
    }

    /// Whether all of it is here: no extension, and no other k6.
    pub fn are_met(&self) -> bool {
        self.wanted.iter().all(|(name, constraint)| {
            name == "k6"
                && Constraint::parse(constraint).is_some_and(|known| known.is_met_by(K6_VERSION))
        })
    }

    fn want(&mut self, name: &str, constraint: &str) {
        let known = self.wanted.entry(name.to_owned()).or_insert_with(|| ANY.to_owned());
        if constraint.is_empty() || constraint == ANY || constraint == known {
            return;
        }
        // Two files may want different things, and both must hold.
        *known =
            if known == ANY { constraint.to_owned() } else { format!("{known}, {constraint}") };
    }
}

const ANY: &str = "*";

/// Walks over the static imports that begin with the script at `entry`.
pub(crate) async fn dependencies(
    fetching: &Fetching,
    files: &Files,
    entry: &Url,
    text: String,
) -> Result<Dependencies, LoadError> {
    let mut found = Dependencies::default();
    let mut queue = VecDeque::from([(entry.clone(), text)]);
    found.imports.insert(entry.to_string());
    while let Some((url, text)) = queue.pop_front() {
        for wanted in directives(&text) {
            found.want(&wanted.name, &wanted.constraint);
        }
        for import in analyse(url.as_str(), &text)?.imports {
            let at = graph::place(&url, &import);
            match resolve(&url, &import.specifier) {
                Ok(Resolved::Builtin(name)) => {
                    if name.starts_with("k6/x/") {
                        found.want(&name, "");
                    }
                    found.imports.insert(name);
                }
                Ok(Resolved::Url(target)) => {
                    if !found.imports.insert(target.to_string()) {
                        continue;
                    }
                    let (arrived, text) = graph::read(fetching, files, &target, Some(&at)).await?;
                    queue.push_back((arrived, text));
                }
                Err(unresolved) => {
                    let message = unresolved.to_string();
                    return Err(LoadError::Import { message, importer: Some(at) });
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_files_want_must_hold_together() {
        let mut found = Dependencies::default();
        found.want("k6/x/a", "");
        found.want("k6", ">1.2");
        found.want("k6", "");
        assert_eq!(found.wanted["k6"], ">1.2");
        found.want("k6", "<2.3");
        found.want("k6", "*");
        assert_eq!(found.wanted["k6"], ">1.2, <2.3");
        assert!(!found.are_met());
        found.default_to(&BTreeMap::from(
            [("k6", "v1"), ("k6/x/a", ">=v0.4.4"), ("k6/x/b", "v1")]
                .map(|(name, version)| (name.to_owned(), version.to_owned())),
        ));
        assert_eq!(found.wanted["k6/x/a"], ">=v0.4.4");
        assert_eq!(found.wanted.len(), 2);
        found.wanted.remove("k6/x/a");
        assert!(found.are_met());
    }
}
