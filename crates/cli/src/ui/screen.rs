//! The terminal, shared by progress lines, log lines and the summary: progress lines stay at the
//! bottom, everything else is written above them.

use std::{
    fmt::{self, Write as _},
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::style::Style;

/// Where text goes. Failed writes are ignored: who closed the pipe does not want to read on.
pub(crate) struct Screen {
    inner: Mutex<Inner>,
    stdout_style: Style,
    stderr_style: Style,
    is_live: bool,
}

struct Inner {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    /// The lines now at the bottom.
    live: String,
    /// Whether stderr is the same terminal, so that lines written there would meet the live ones.
    stderr_is_terminal: bool,
}

/// One of the two streams of a [`Screen`].
pub(crate) struct Stream {
    /// Where to write.
    pub(crate) writer: Box<dyn Write + Send>,
    /// Whether a person looks at it.
    pub(crate) is_terminal: bool,
}

impl Screen {
    /// A screen over the two streams; `style` is for those of them that are terminals.
    pub(crate) fn new(stdout: Stream, stderr: Stream, style: Style) -> Self {
        let style_of = |stream: &Stream| if stream.is_terminal { style } else { Style::Plain };
        Self {
            stdout_style: style_of(&stdout),
            stderr_style: style_of(&stderr),
            is_live: stdout.is_terminal,
            inner: Mutex::new(Inner {
                stderr_is_terminal: stderr.is_terminal,
                stdout: stdout.writer,
                stderr: stderr.writer,
                live: String::new(),
            }),
        }
    }

    /// A screen that nobody sees.
    #[cfg(test)]
    pub(crate) fn to_nowhere() -> Self {
        let stream = || Stream { writer: Box::new(io::sink()), is_terminal: false };
        Self::new(stream(), stream(), Style::Plain)
    }

    /// How to colour what is printed.
    pub(crate) fn stdout_style(&self) -> Style {
        self.stdout_style
    }

    /// How to colour what is logged.
    pub(crate) fn stderr_style(&self) -> Style {
        self.stderr_style
    }

    /// Whether lines can be shown and replaced.
    pub(crate) fn is_live(&self) -> bool {
        self.is_live
    }

    /// Writes to stdout, above the live lines.
    pub(crate) fn print(&self, text: &str) {
        let mut inner = self.lock();
        let live = inner.hide();
        let _ = inner.stdout.write_all(text.as_bytes());
        inner.show(live);
    }

    /// Writes to stderr, above the live lines.
    pub(crate) fn print_error(&self, text: &str) {
        let mut inner = self.lock();
        let live = if inner.stderr_is_terminal { inner.hide() } else { String::new() };
        let _ = inner.stderr.write_all(text.as_bytes());
        let _ = inner.stderr.flush();
        if inner.stderr_is_terminal {
            inner.show(live);
        }
    }

    /// Replaces the live lines; an empty text removes them.
    pub(crate) fn set_live(&self, lines: &str) {
        let mut inner = self.lock();
        inner.hide();
        inner.show(lines.to_owned());
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Standard output for who writes bytes: whole lines are printed, above the live ones.
#[derive(Debug)]
pub(crate) struct Printer {
    screen: Arc<Screen>,
    /// What is not a whole line yet.
    pending: Vec<u8>,
}

impl Printer {
    /// Prints on `screen`.
    pub(crate) fn new(screen: Arc<Screen>) -> Self {
        Self { screen, pending: Vec::new() }
    }
}

impl Write for Printer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if let Some(end) = self.pending.iter().rposition(|&byte| byte == b'\n') {
            let lines: Vec<u8> = self.pending.drain(..=end).collect();
            self.screen.print(&String::from_utf8_lossy(&lines));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.pending);
        self.screen.print(&String::from_utf8_lossy(&rest));
        Ok(())
    }
}

impl Inner {
    /// Takes the live lines off the terminal.
    fn hide(&mut self) -> String {
        let live = std::mem::take(&mut self.live);
        if !live.is_empty() {
            let mut escape = String::from("\r");
            let _ = write!(escape, "\x1b[{}A\x1b[J", live.lines().count());
            let _ = self.stdout.write_all(escape.as_bytes());
            let _ = self.stdout.flush();
        }
        live
    }

    fn show(&mut self, live: String) {
        let _ = self.stdout.write_all(live.as_bytes());
        let _ = self.stdout.flush();
        self.live = live;
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("is_live", &self.is_live).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both streams in the order of writing, as a terminal receives them.
    #[derive(Clone, Default)]
    struct Terminal(Arc<Mutex<Vec<u8>>>);

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn screen(stderr_is_terminal: bool) -> (Screen, Terminal) {
        let terminal = Terminal::default();
        let stream = |is_terminal| Stream { writer: Box::new(terminal.clone()), is_terminal };
        (Screen::new(stream(true), stream(stderr_is_terminal), Style::Plain), terminal)
    }

    fn written(terminal: &Terminal) -> String {
        String::from_utf8(terminal.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn log_lines_are_written_above_the_live_ones() {
        let (screen, terminal) = screen(true);
        screen.set_live("a\nb\n");
        screen.print_error("log\n");
        screen.set_live("c\n");
        screen.set_live("");
        screen.print("end\n");
        assert_eq!(
            written(&terminal),
            "a\nb\n\r\x1b[2A\x1b[Jlog\na\nb\n\r\x1b[2A\x1b[Jc\n\r\x1b[1A\x1b[Jend\n"
        );
    }

    #[test]
    fn printed_bytes_are_whole_lines() {
        let (screen, terminal) = screen(true);
        screen.set_live("a\n");
        let mut printer = Printer::new(Arc::new(screen));
        printer.write_all("é".as_bytes()).unwrap();
        printer.write_all(b"x\ny\n").unwrap();
        let hide = "\r\x1b[1A\x1b[J";
        assert_eq!(written(&terminal), format!("a\n{hide}éx\ny\na\n"));
    }

    #[test]
    fn a_log_that_goes_elsewhere_does_not_disturb_the_live_lines() {
        let (screen, terminal) = screen(false);
        screen.set_live("a\n");
        screen.print_error("log\n");
        assert_eq!(written(&terminal), "a\nlog\n");
    }
}
