//! The grammar of `Sec-WebSocket-Extensions` (RFC 6455 §9.1): names with parameters, nothing of
//! what they mean.

/// One extension of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Extension<'a> {
    pub(super) name: &'a str,
    /// Names and values in order; a quoted value without its quotes.
    pub(super) params: Vec<(&'a str, Option<&'a str>)>,
}

/// The text is not of the grammar.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Reads a header value, or several joined by commas.
pub(super) fn parse(text: &str) -> Result<Vec<Extension<'_>>, Malformed> {
    let mut rest = text;
    let mut extensions = Vec::new();
    loop {
        // RFC 9110 §5.6.1: empty elements of a list are ignored.
        rest = skip_space(rest);
        if let Some(after) = rest.strip_prefix(',') {
            rest = after;
        } else if rest.is_empty() {
            return Ok(extensions);
        } else {
            let (extension, after) = parse_extension(rest)?;
            extensions.push(extension);
            rest = after;
        }
    }
}

/// One extension and what is after it, which is nothing or begins with a comma.
fn parse_extension(text: &str) -> Result<(Extension<'_>, &str), Malformed> {
    let (name, mut rest) = token(text)?;
    let mut params = Vec::new();
    loop {
        rest = skip_space(rest);
        if rest.is_empty() || rest.starts_with(',') {
            return Ok((Extension { name, params }, rest));
        }
        let (param, after) = token(skip_space(rest.strip_prefix(';').ok_or(Malformed)?))?;
        rest = skip_space(after);
        let Some(after) = rest.strip_prefix('=') else {
            params.push((param, None));
            continue;
        };
        let after = skip_space(after);
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => {
                // §9.1: what is inside the quotes must be a token, so there is nothing escaped.
                let (value, after) = token(quoted)?;
                (value, after.strip_prefix('"').ok_or(Malformed)?)
            }
            None => token(after)?,
        };
        params.push((param, Some(value)));
        rest = after;
    }
}

fn token(text: &str) -> Result<(&str, &str), Malformed> {
    let end = text.bytes().position(|byte| !is_token_byte(byte)).unwrap_or(text.len());
    if end == 0 { Err(Malformed) } else { Ok(text.split_at(end)) }
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// RFC 9110 §5.6.2.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_with_parameters() {
        assert_eq!(
            parse("foo, bar; baz=2,, x;a;b = \"10\" ;c=d,"),
            Ok(vec![
                Extension { name: "foo", params: vec![] },
                Extension { name: "bar", params: vec![("baz", Some("2"))] },
                Extension {
                    name: "x",
                    params: vec![("a", None), ("b", Some("10")), ("c", Some("d"))]
                },
            ])
        );
        assert_eq!(parse(" "), Ok(vec![]));
        for bad in
            ["foo bar", ";a", "a;", "a;=1", "a;b=", "a;b=\"1", "a;b=\"\"", "a;b=\"1 2\"", "ä"]
        {
            assert_eq!(parse(bad), Err(Malformed), "{bad}");
        }
    }
}
