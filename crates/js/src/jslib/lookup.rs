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

/// The source of the built-in module that stands for `url`, if there is one.
pub(crate) fn lookup(url: &str) -> Option<&'static str> {
    let version = url.strip_prefix("https://jslib.k6.io/k6-utils/")?.strip_suffix("/index.js")?;
    K6_UTILS.iter().find(|(built_in, _)| *built_in == version).map(|(_, source)| *source)
}
