//! The known name that a misspelt one was meant to be.

/// The candidate that is most like `name`, if one is like it at all.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    let furthest = 1 + name.chars().count() / 4;
    candidates
        .into_iter()
        .map(|known| (strsim::osa_distance(&name, &known.to_ascii_lowercase()), known))
        .min_by_key(|&(distance, _)| distance)
        .filter(|&(distance, known)| distance <= furthest && distance < known.len())
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_alike() {
        let known = ["vus", "iterations", "duration", "stages"];
        assert_eq!(nearest("vuss", known), Some("vus"));
        assert_eq!(nearest("VU", known), Some("vus"));
        assert_eq!(nearest("itreations", known), Some("iterations"));
        assert_eq!(nearest("something", known), None);
        assert_eq!(nearest("", known), None);
    }
}
