//! The secret in what a server says.

use serde_json::Value;

/// The secret of an answer: all of it, or what is at `path` of its JSON.
///
/// # Errors
/// What is wrong with it; never what it says, which may be a secret.
pub(super) fn secret(body: Vec<u8>, path: &str) -> Result<String, String> {
    if path.is_empty() {
        return String::from_utf8(body).map_err(|_| "the answer is not UTF-8 text".to_owned());
    }
    let json: Value =
        serde_json::from_slice(&body).map_err(|_| "the answer is not JSON".to_owned())?;
    let mut value = &json;
    for name in path.split('.') {
        let next = match value {
            Value::Array(items) => name.parse().ok().and_then(|at: usize| items.get(at)),
            other => other.get(name),
        };
        value = next.ok_or_else(|| format!("the answer has nothing at `{path}`"))?;
    }
    match value {
        Value::String(secret) => Ok(secret.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(format!("what the answer has at `{path}` is no text"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, path: &str, expect: Result<&str, &str>) {
        let expect = expect.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(secret(body.as_bytes().to_vec(), path), expect);
    }

    #[test]
    fn without_a_path_it_is_all_of_it() {
        check(" a\n", "", Ok(" a\n"));
        check("", "", Ok(""));
        assert!(secret(vec![0xff], "").is_err());
    }

    #[test]
    fn a_path_leads_through_objects_and_lists() {
        let body = r#"{"data": {"value": "s", "n": 1.50, "no": null, "list": ["a", {"b": true}]}}"#;
        check(body, "data.value", Ok("s"));
        check(body, "data.n", Ok("1.5"));
        check(body, "data.list.0", Ok("a"));
        check(body, "data.list.1.b", Ok("true"));
        check(body, "data.no", Err("what the answer has at `data.no` is no text"));
        check(body, "data", Err("what the answer has at `data` is no text"));
        check(body, "data.value.x", Err("the answer has nothing at `data.value.x`"));
        check(body, "data.list.2", Err("the answer has nothing at `data.list.2`"));
        check("<html>", "data", Err("the answer is not JSON"));
    }
}
