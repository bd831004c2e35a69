//! The part of Go's templates that scripts need: `{{ .ScriptName }}`, `{{ .ProjectID }}`, and
//! `{{ if .ProjectID }} … {{ else }} … {{ end }}`, with `-` to trim the space beside them.

/// What a template may show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    pub(super) script_name: &'a str,
    pub(super) project_id: &'a str,
}

/// Fills a template in.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub(super) fn render(template: &str, fields: &Fields<'_>) -> Result<String, String> {
    let mut out = String::new();
    // For each open `if`, whether what follows is shown.
    let mut shown: Vec<bool> = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (action, behind) =
            after.split_once("}}").ok_or("an action `{{` has no end `}}`".to_owned())?;
        let (action, before) = match action.strip_prefix("- ") {
            Some(action) => (action, before.trim_end()),
            None => (action, before),
        };
        let (action, behind) = match action.strip_suffix(" -") {
            Some(action) => (action, behind.trim_start()),
            None => (action, behind),
        };
        if shown.iter().all(|shown| *shown) {
            out.push_str(before);
        }
        let words: Vec<&str> = action.split_whitespace().collect();
        match words.as_slice() {
            ["if", field] => shown.push(!value(field, fields)?.is_empty()),
            ["else"] => {
                let innermost = shown.last_mut().ok_or("`{{ else }}` without `{{ if }}`")?;
                *innermost = !*innermost;
            }
            ["end"] => {
                shown.pop().ok_or("`{{ end }}` without `{{ if }}`")?;
            }
            [] => return Err("an action is empty".to_owned()),
            [comment, ..] if comment.starts_with("/*") => {}
            [field] => {
                let value = value(field, fields)?;
                if shown.iter().all(|shown| *shown) {
                    out.push_str(value);
                }
            }
            _ => return Err(format!("`{{{{{action}}}}}` is not understood")),
        }
        rest = behind;
    }
    if !shown.is_empty() {
        return Err("`{{ if }}` has no `{{ end }}`".to_owned());
    }
    out.push_str(rest);
    Ok(out)
}

fn value<'a>(field: &str, fields: &Fields<'a>) -> Result<&'a str, String> {
    match field {
        ".ScriptName" => Ok(fields.script_name),
        ".ProjectID" => Ok(fields.project_id),
        _ => Err(format!("`{field}` is not known, use `.ScriptName` or `.ProjectID`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expect: Result<&str, &str>) {
        let fields = Fields { script_name: "a.js", project_id: "7" };
        let found = render(template, &fields);
        assert_eq!(found.as_deref().map_err(String::as_str), expect, "{template}");
    }

    #[test]
    fn fields_and_conditions() {
        check("plain { } }}", Ok("plain { } }}"));
        check("{{.ScriptName}} {{ .ProjectID }}", Ok("a.js 7"));
        check("a\n  {{- if .ProjectID }} id{{ else }} none{{ end -}}\n b", Ok("a idb"));
        check("{{ if .ProjectID }}{{ if .ScriptName }}x{{ end }}{{ end }}", Ok("x"));
        check("{{/* note */}}x", Ok("x"));
        let none = Fields { script_name: "a.js", project_id: "" };
        assert_eq!(render("{{ if .ProjectID }}x{{ else }}y{{ end }}", &none).unwrap(), "y");
    }

    #[test]
    fn mistakes_are_named() {
        check("{{ x", Err("an action `{{` has no end `}}`"));
        check("{{ foo }}", Err("`foo` is not known, use `.ScriptName` or `.ProjectID`"));
        check("{{ if .ProjectID }}", Err("`{{ if }}` has no `{{ end }}`"));
        check("{{ end }}", Err("`{{ end }}` without `{{ if }}`"));
        check("{{ range .X }}", Err("`{{ range .X }}` is not understood"));
        check("{{ }}", Err("an action is empty"));
    }
}
