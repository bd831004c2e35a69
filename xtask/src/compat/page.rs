//! The table as a page for people: counts on top, then one section an area.

use std::fmt::Write as _;

use super::{Area, Difference, Row, Status, Table};

/// Renders the page. The same table always gives the same bytes.
pub fn render(table: &Table) -> String {
    let mut page = String::new();
    push(
        &mut page,
        "<!-- Generated from compat/k6.toml by `cargo xtask compat`. Do not edit. -->\n",
    );
    push(&mut page, "# What of k6 works in sockeye\n");
    push(
        &mut page,
        &format!(
            "Every row is something that a k6 {} script, command line or environment can name; the \
             last section is what k6 does not have. \
             **yes** means as k6's documentation says, **partial** means that the note says which \
             part, **no** means not yet or not planned, and the note says which.\n",
            table.k6
        ),
    );
    counts(&mut page, table);
    differences(&mut page, &table.differences);
    for area in &table.areas {
        section(&mut page, area);
    }
    page
}

fn counts(page: &mut String, table: &Table) {
    push(page, "| area | yes | partial | no |\n| --- | ---: | ---: | ---: |");
    let mut total = [0; 3];
    for area in &table.areas {
        let row = [Status::Yes, Status::Partial, Status::No].map(|status| area.count(status));
        for (sum, count) in total.iter_mut().zip(row) {
            *sum += count;
        }
        let [yes, partial, no] = row;
        let title = &area.title;
        push(page, &format!("| [{title}](#{}) | {yes} | {partial} | {no} |", anchor(title)));
    }
    let [yes, partial, no] = total;
    push(page, &format!("| **all** | **{yes}** | **{partial}** | **{no}** |\n"));
}

fn differences(page: &mut String, differences: &[Difference]) {
    push(page, "## Deliberate differences\n");
    push(page, "Places where k6's behaviour is known and ours is another one on purpose.\n");
    push(page, "| topic | k6 | sockeye | why |\n| --- | --- | --- | --- |");
    for Difference { topic, k6, ours, why } in differences {
        let cells = [topic, k6, ours, why].map(|cell| cell.replace('|', "\\|"));
        push(page, &format!("| {} |", cells.join(" | ")));
    }
    push(page, "");
}

fn section(page: &mut String, area: &Area) {
    push(page, &format!("## {}\n", area.title));
    let yes: Vec<&Row> = area.rows.iter().filter(|row| row.status == Status::Yes).collect();
    if !yes.is_empty() {
        push(page, &format!("**yes** ({}): {}\n", yes.len(), names(&yes)));
    }
    grouped(page, area, Status::Partial, "partial");
    grouped(page, area, Status::No, "no");
}

/// One list item a note, with every row that the note explains.
fn grouped(page: &mut String, area: &Area, status: Status, word: &str) {
    let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in area.rows.iter().filter(|row| row.status == status) {
        let note = area.note_of(row).unwrap_or_default();
        match groups.iter_mut().find(|(other, _)| *other == note) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((note, vec![row])),
        }
    }
    if groups.is_empty() {
        return;
    }
    push(page, &format!("**{word}** ({}):\n", area.count(status)));
    for (note, rows) in groups {
        push(page, &format!("- {}: {note}", names(&rows)));
    }
    push(page, "");
}

fn names(rows: &[&Row]) -> String {
    let names: Vec<String> = rows.iter().map(|row| format!("`{}`", row.name)).collect();
    names.join(", ")
}

/// The fragment that GitHub gives a heading.
fn anchor(title: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == ' ';
    title.to_lowercase().chars().filter(|c| kept(*c)).collect::<String>().replace(' ', "-")
}

fn push(page: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::read;

    #[test]
    fn rows_are_grouped_by_status_and_note() {
        let table = read(
            r#"
            k6 = "2.2"
            difference = [{ topic = "t", k6 = "a | b", ours = "o", why = "w" }]
            [[area]]
            title = "`k6/http`, all of it"
            note = "waits"
            rows = [
              { name = "get", status = "no" },
              { name = "url", status = "yes" },
              { name = "put", status = "no" },
              { name = "del", status = "no", note = "other" },
              { name = "head", status = "partial", note = "no body" },
            ]
            "#,
        )
        .unwrap();
        let page = render(&table);
        for line in [
            "| [`k6/http`, all of it](#k6http-all-of-it) | 1 | 1 | 3 |",
            "| t | a \\| b | o | w |",
            "**yes** (1): `url`",
            "- `head`: no body",
            "- `get`, `put`: waits",
            "- `del`: other",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
    }
}
