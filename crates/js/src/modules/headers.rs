//! The header fields of an answer as scripts see them.

use std::fmt::Write as _;

use rquickjs::{Ctx, Object};

/// Names and values as one object. k6: several of a name are one, with commas.
pub(super) fn object<'js, 'a>(
    ctx: &Ctx<'js>,
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> rquickjs::Result<Object<'js>> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in fields {
        let name = canonical(name);
        match headers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => {
                let _ = write!(known, ", {value}");
            }
            None => headers.push((name, value.to_owned())),
        }
    }
    let object = Object::new(ctx.clone())?;
    for (name, value) in headers {
        object.set(name, value)?;
    }
    Ok(object)
}

/// k6: header names as Go writes them, `Sec-Websocket-Accept`.
fn canonical(name: &str) -> String {
    let mut starts = true;
    name.chars()
        .map(|letter| {
            let cased =
                if starts { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            starts = letter == '-';
            cased
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn header_names_are_written_as_go_does() {
        for (name, expect) in [
            ("sec-websocket-accept", "Sec-Websocket-Accept"),
            ("ETag", "Etag"),
            ("x", "X"),
            ("-a--b", "-A--B"),
        ] {
            assert_eq!(canonical(name), expect);
        }
    }
}
