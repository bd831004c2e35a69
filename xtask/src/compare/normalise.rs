//! Takes out of log lines what differs from run to run: times, folders, ports, and the positions in
//! bytecode that k6 appends to stack frames.

use std::path::Path;

pub(super) struct Normaliser {
    /// What to replace, the longest first.
    replacements: Vec<(String, &'static str)>,
}

impl Normaliser {
    pub(super) fn new(folder: &Path, server: &str) -> Self {
        let folder = folder.to_string_lossy().into_owned();
        let port = server.rsplit(':').next().unwrap_or_default();
        Self {
            replacements: vec![
                (format!("file://{folder}/"), "FOLDER/"),
                (format!("{folder}/"), "FOLDER/"),
                (server.to_owned(), "SERVER"),
                (format!("localhost:{port}"), "SERVER"),
            ],
        }
    }

    /// One line of a log in k6's default format.
    pub(super) fn line(&self, line: &str) -> String {
        let line = without_time(line);
        let mut line = line.to_owned();
        for (from, to) in &self.replacements {
            line = line.replace(from, to);
        }
        without_local_port(&without_positions(&line))
    }
}

fn without_time(line: &str) -> &str {
    let rest = line.strip_prefix("time=\"").and_then(|rest| rest.split_once("\" "));
    rest.map_or(line, |(_, rest)| rest)
}

/// `c.js:5:32(3)` becomes `c.js:5`: engines count columns differently, lines they all agree on.
fn without_positions(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = [".js:", ".ts:"].iter().filter_map(|ending| rest.find(ending)).min() {
        let (before, after) = rest.split_at(at + ".js:".len());
        out.push_str(before);
        let digits =
            |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = after.split_at(digits(after));
        out.push_str(number);
        rest = after;
        if let Some(column) = after.strip_prefix(':') {
            let after = &column[digits(column)..];
            let position = after.strip_prefix('(').and_then(|inside| inside.split_once(')'));
            let numeric = position.filter(|(inside, _)| digits(inside) == inside.len());
            rest = numeric.map_or(after, |(_, after)| after);
        }
    }
    out.push_str(rest);
    out
}

/// `read tcp 127.0.0.1:45678->` becomes `read tcp CLIENT->`.
fn without_local_port(line: &str) -> String {
    let Some((before, after)) = line.split_once("->") else {
        return line.to_owned();
    };
    let digits = |c: char| c.is_ascii_digit();
    match before.trim_end_matches(digits).strip_suffix("127.0.0.1:") {
        Some(before) => format!("{before}CLIENT->{after}"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: &str) {
        let normaliser = Normaliser::new(Path::new("/tmp/x"), "127.0.0.1:8080");
        assert_eq!(normaliser.line(line), expect);
    }

    #[test]
    fn times_folders_and_ports_go() {
        check("time=\"2026-01-01T00:00:00Z\" level=info msg=hi", "level=info msg=hi");
        check("at file:///tmp/x/a.js and /tmp/x/b", "at FOLDER/a.js and FOLDER/b");
        check("dial ws://127.0.0.1:8080/ws", "dial ws://SERVER/ws");
        check("read tcp 127.0.0.1:45678->127.0.0.1:8080: EOF", "read tcp CLIENT->SERVER: EOF");
        check("a -> b", "a -> b");
    }

    #[test]
    fn positions_become_lines() {
        check("at f (a.js:5:32(3))\\n\\tat b.ts:7:1(0)\\n", "at f (a.js:5)\\n\\tat b.ts:7\\n");
        check("a.js:12:3", "a.js:12");
        check("a.js: no", "a.js: no");
    }
}
