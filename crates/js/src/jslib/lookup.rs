//! Which built-in source stands for which URL.

const AT_1_0: &str = include_str!("k6_utils_1.0.0.js");
const AT_1_1: &str = concat!(include_str!("k6_utils_1.0.0.js"), include_str!("k6_utils_1.1.0.js"));
const AT_1_2: &str = concat!(
    include_str!("k6_utils_1.0.0.js"),
    include_str!("k6_utils_1.1.0.js"),
    include_str!("k6_utils_1.2.0.js")
);
const AT_1_3: &str = concat!(
    include_str!("k6_utils_1.0.0.js"),
    include_str!("k6_utils_1.1.0.js"),
    include_str!("k6_utils_1.2.0.js"),
    include_str!("k6_utils_1.3.0.js")
);
const AT_1_5: &str = concat!(
    include_str!("k6_utils_1.0.0.js"),
    include_str!("k6_utils_1.1.0.js"),
    include_str!("k6_utils_1.2.0.js"),
    include_str!("k6_utils_1.3.0.js"),
    include_str!("k6_utils_1.5.0.js")
);

/// Version of `k6-utils` → source.
pub(super) const K6_UTILS: &[(&str, &str)] = &[
    ("1.0.0", AT_1_0),
    ("1.1.0", AT_1_1),
    ("1.2.0", AT_1_2),
    ("1.3.0", AT_1_3),
    ("1.4.0", AT_1_3),
    ("1.5.0", AT_1_5),
    ("1.6.0", AT_1_5),
];

const SUMMARY_AT_0_0: &str =
    concat!(include_str!("k6_summary.js"), include_str!("k6_summary_0.0.js"));
const SUMMARY_AT_0_1: &str =
    concat!(include_str!("k6_summary.js"), include_str!("k6_summary_0.1.js"));

/// Version of `k6-summary` → source.
pub(super) const K6_SUMMARY: &[(&str, &str)] = &[
    ("0.0.1", SUMMARY_AT_0_0),
    ("0.0.2", SUMMARY_AT_0_0),
    ("0.0.3", SUMMARY_AT_0_0),
    ("0.0.4", SUMMARY_AT_0_0),
    ("0.1.0", SUMMARY_AT_0_1),
];

/// The source of the built-in module that stands for `url`, if there is one.
pub(crate) fn lookup(url: &str) -> Option<&'static str> {
    let (library, version) =
        url.strip_prefix("https://jslib.k6.io/")?.strip_suffix("/index.js")?.split_once('/')?;
    let versions = match library {
        "k6-utils" => K6_UTILS,
        "k6-summary" => K6_SUMMARY,
        _ => return None,
    };
    versions.iter().find(|(built_in, _)| *built_in == version).map(|(_, source)| *source)
}
