//! What `compat/k6.toml` says, and the rules it obeys.

use serde::Deserialize;

/// The whole table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The k6 release whose documentation the rows were read from.
    pub k6: String,
    /// The surface, in the order of the page.
    #[serde(rename = "area")]
    pub areas: Vec<Area>,
    /// Where we differ on purpose.
    #[serde(rename = "difference")]
    pub differences: Vec<Difference>,
}

/// One part of k6's surface, such as a module or the flags of a command.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The heading on the page.
    pub title: String,
    /// Why rows that are not `yes` and carry no note of their own are not.
    #[serde(default)]
    pub note: Option<String>,
    /// The things a user can name.
    pub rows: Vec<Row>,
}

/// One thing a k6 user can name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// As it is written in a script or on a command line.
    pub name: String,
    /// Whether it works.
    pub status: Status,
    /// What is missing, or why.
    #[serde(default)]
    pub note: Option<String>,
}

/// Whether a row works.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As k6's documentation says.
    Yes,
    /// The note says which part.
    Partial,
    /// The note says why not, or which work it waits for.
    No,
}

/// A quirk of k6 that we decided not to copy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// What it is about.
    pub topic: String,
    /// What k6 does.
    pub k6: String,
    /// What we do.
    pub ours: String,
    /// Why it is worth a difference.
    pub why: String,
}

impl Area {
    /// The note that explains a row: its own, else the area's.
    pub fn note_of<'a>(&'a self, row: &'a Row) -> Option<&'a str> {
        row.note.as_deref().or(self.note.as_deref())
    }

    /// How many rows have this status.
    pub fn count(&self, status: Status) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }
}

/// Reads and checks a table.
///
/// # Errors
/// A message naming the place: bad TOML, an unknown key or status, a repeated name, or a row that
/// is not `yes` and says nowhere why.
pub fn read(text: &str) -> Result<Table, String> {
    let table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    for (index, area) in table.areas.iter().enumerate() {
        if table.areas[..index].iter().any(|other| other.title == area.title) {
            return Err(format!("the area `{}` appears twice", area.title));
        }
        check_rows(area)?;
    }
    Ok(table)
}

fn check_rows(area: &Area) -> Result<(), String> {
    for (index, row) in area.rows.iter().enumerate() {
        let place = format!("`{}` in `{}`", row.name, area.title);
        if area.rows[..index].iter().any(|other| other.name == row.name) {
            return Err(format!("{place} appears twice"));
        }
        let explained = match row.status {
            Status::Yes => true,
            // What an area lacks as a whole says nothing about half of one row.
            Status::Partial => row.note.is_some(),
            Status::No => area.note_of(row).is_some(),
        };
        if !explained {
            return Err(format!("{place} is not `yes` and has no note"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &str, expect: Result<usize, &str>) {
        let text = format!("k6 = \"2.2\"\ndifference = []\n[[area]]\ntitle = \"a\"\n{rows}");
        match (read(&text), expect) {
            (Ok(table), Ok(rows)) => assert_eq!(table.areas[0].rows.len(), rows),
            (Err(message), Err(part)) => assert!(message.contains(part), "{message}"),
            (got, expect) => panic!("expected {expect:?}, got {got:?}"),
        }
    }

    #[test]
    fn a_row_that_is_not_yes_needs_a_note() {
        check(r#"rows = [{ name = "x", status = "yes" }]"#, Ok(1));
        check(r#"rows = [{ name = "x", status = "no" }]"#, Err("has no note"));
        check("note = \"later\"\nrows = [{ name = \"x\", status = \"no\" }]", Ok(1));
        check("note = \"later\"\nrows = [{ name = \"x\", status = \"partial\" }]", Err("no note"));
        check(r#"rows = [{ name = "x", status = "partial", note = "half" }]"#, Ok(1));
    }

    #[test]
    fn statuses_and_names_are_checked() {
        check(r#"rows = [{ name = "x", status = "maybe" }]"#, Err("maybe"));
        check(r#"rows = [{ name = "x", statsu = "yes" }]"#, Err("statsu"));
        check(
            r#"rows = [{ name = "x", status = "yes" }, { name = "x", status = "yes" }]"#,
            Err("twice"),
        );
    }
}
