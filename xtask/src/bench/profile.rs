//! `cargo xtask bench profile`: where the time of a shape goes, as `perf` samples it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::measure::{Prepared, SERVER_CORE, TOOL_CORE};
use super::process::on_core;
use super::shape::{Load, Shape};
use crate::server::Server;
use crate::tool::Tool;

/// Runs `shape` at its largest size and tells what took the most time.
///
/// # Errors
/// A message when `perf` can't be run, or the tool fails.
pub(super) fn text(sockeye: &Tool, shape: &Shape) -> Result<String, String> {
    let Load::Sizes(sizes) = &shape.load else {
        return Err(format!("{}: has no size of its own to be profiled at", shape.name));
    };
    let size = sizes.last().map_or(1, |size| size.sockeye);
    let clock = clock()?;
    let server = Server::start_on_core(&sockeye.path, SERVER_CORE)?;
    let prepared = Prepared::new(sockeye, shape, size, None, &server)?;
    let samples = prepared.file("perf.data");
    let mut record = on_core(TOOL_CORE, Path::new("perf"));
    // Frame pointers are enough for the kernel's part of a stack, where system calls are told from.
    record.args(["record", "-q", "-g", "-F", FREQUENCY, "-e", clock, "-o"]).arg(&samples);
    record.arg("--").arg(&sockeye.path).args(&prepared.arguments);
    record.stdin(Stdio::null()).stdout(Stdio::null()).stderr(prepared.log()?);
    let status = record.status().map_err(|error| format!("failed to run perf: {error}"))?;
    if !status.success() {
        let words = prepared.last_words();
        return Err(format!("{}: perf record {status}: {words}", shape.name));
    }
    let flat = report(&samples, &["--no-children", "--sort", "dso,symbol"])?;
    let calls = report(&samples, &["--children", "--sort", "symbol"])?;
    let head = format!(
        "{}: {}\n{}, N={size}, {clock} {FREQUENCY} times a second on one core\n",
        shape.name, shape.title, sockeye.version
    );
    Ok(head + &tables(&flat, &calls))
}

/// The kernel's timer where a virtual machine has no counters of cycles.
fn clock() -> Result<&'static str, String> {
    let tried = Command::new("perf")
        .args(["stat", "-x", ",", "-e", "cycles", "true"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("failed to run perf: {error}"))?;
    let counted = counts_cycles(&String::from_utf8_lossy(&tried.stderr));
    Ok(if tried.status.success() && counted { "cycles" } else { "cpu-clock" })
}

/// `perf stat -x ,`: the first field is the count, or words.
fn counts_cycles(text: &str) -> bool {
    text.lines()
        .any(|line| line.split(',').next().is_some_and(|count| count.parse::<u64>().is_ok()))
}

fn report(samples: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("perf")
        .arg("report")
        .arg("-i")
        .arg(samples)
        .args(["--stdio", "-g", "none", "-t", SEPARATOR, "--percent-limit", "0"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("failed to run perf: {error}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!("perf report {}: {}", output.status, words.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One line of `perf report`.
#[derive(Debug, PartialEq)]
struct Entry {
    percent: f64,
    /// The program or library, `[kernel.kallsyms]`, or nothing where it was not asked for.
    object: String,
    is_kernel: bool,
    symbol: String,
}

impl Entry {
    /// `12.34%|sockeye|[.] name|…`, with one percentage or two, and with or without the object.
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(SEPARATOR).map(str::trim).peekable();
        let percent = fields.next()?.strip_suffix('%')?.parse().ok()?;
        fields.next_if(|field| field.ends_with('%'));
        let mut object = String::new();
        let symbol = loop {
            let field = fields.next()?;
            // A name may hold what separates fields, but the object is not such a name.
            match field.strip_prefix("[.] ").or_else(|| field.strip_prefix("[k] ")) {
                Some(symbol) => break (symbol.trim().to_owned(), field.starts_with("[k]")),
                None => field.clone_into(&mut object),
            }
        };
        Some(Self { percent, object, symbol: symbol.0, is_kernel: symbol.1 })
    }
}

/// The tops of user and of kernel time, and what each system call took with all below it.
fn tables(flat: &str, calls: &str) -> String {
    let flat: Vec<Entry> = flat.lines().filter_map(Entry::parse).collect();
    let mut text = String::new();
    for (is_kernel, name) in [(false, "user"), (true, "kernel")] {
        let mut part: Vec<&Entry> = flat.iter().filter(|one| one.is_kernel == is_kernel).collect();
        part.sort_by(|a, b| b.percent.total_cmp(&a.percent));
        let all: f64 = part.iter().map(|entry| entry.percent).sum();
        let _ = writeln!(text, "\n{name}: {all:.1} % of all samples, the most of them in");
        for Entry { percent, object, symbol, .. } in part.into_iter().take(TOP) {
            let _ = writeln!(text, "  {percent:>6.2} %  {object:<18} {symbol}");
        }
    }
    let mut calls: Vec<Entry> = calls.lines().filter_map(Entry::parse).collect();
    calls.retain(|entry| entry.is_kernel && entry.symbol.starts_with(SYSTEM_CALL));
    calls.sort_by(|a, b| b.percent.total_cmp(&a.percent));
    let _ = writeln!(text, "\nsystem calls, each with all that the kernel does in it");
    for Entry { percent, symbol, .. } in calls.into_iter().take(TOP) {
        let _ = writeln!(text, "  {percent:>6.2} %  {}", symbol.trim_start_matches(SYSTEM_CALL));
    }
    text
}

/// Prime, so that it keeps no step with timers.
const FREQUENCY: &str = "1999";
const SEPARATOR: &str = "|";
const SYSTEM_CALL: &str = "__x64_sys_";
const TOP: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_perf_are_read() {
        let check = |line: &str, expect: Option<(f64, &str, bool, &str)>| {
            let expect = expect.map(|(percent, object, is_kernel, symbol)| Entry {
                percent,
                object: object.to_owned(),
                is_kernel,
                symbol: symbol.to_owned(),
            });
            assert_eq!(Entry::parse(line), expect, "{line}");
        };
        check(
            " 11.76% |[kernel.kallsyms]|[k] do_syscall_64   |-      -            ",
            Some((11.76, "[kernel.kallsyms]", true, "do_syscall_64")),
        );
        check(
            "5.88%|sockeye|[.] <a::B as c::D<T>>::poll|-      -",
            Some((5.88, "sockeye", false, "<a::B as c::D<T>>::poll")),
        );
        check(
            " 9.00% | 0.50%  |[k] __x64_sys_write  |-      -",
            Some((9.0, "", true, "__x64_sys_write")),
        );
        check("# Overhead|Shared Object    |Symbol  |IPC   [IPC Coverage]", None);
        check("", None);
        check("1.00%|sockeye", None);
    }

    #[test]
    fn user_and_kernel_are_told_apart() {
        let flat = "# Samples: 17\n 10.00%|libc.so.6|[.] malloc|-\n 50.00%|sockeye|[.] JS_Call|-\n \
                    30.00%|[kernel.kallsyms]|[k] tcp_ack|-\n";
        let calls = "40.00%|0.00%|[k] __x64_sys_write|-\n 30.00%|30.00%|[k] tcp_ack|-\n";
        let expect = "\nuser: 60.0 % of all samples, the most of them in\n   50.00 %  sockeye            JS_Call\n   10.00 %  libc.so.6          malloc\n\nkernel: 30.0 % of all samples, the most of them in\n   30.00 %  [kernel.kallsyms]  tcp_ack\n\nsystem calls, each with all that the kernel does in it\n   40.00 %  write\n";
        assert_eq!(tables(flat, calls), expect);
    }

    #[test]
    fn a_machine_without_counters_says_so() {
        assert!(counts_cycles("123456,,cycles,1000,100.00,,\n"));
        assert!(!counts_cycles("<not supported>,,cycles,0,100.00,,\n"));
    }
}
