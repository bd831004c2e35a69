//! The terminal, shared by progress lines, log lines and the summary: progress lines stay at the
//! bottom, everything else is written above them.

use std::{
    fmt,
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::style::Style;

/// Where text goes. Failed writes are ignored: who closed the pipe does not want to read on.
pub(crate) struct Screen {
    inner: Mutex<Inner>,
    stdout_style: Style,
    stderr_style: Style,
    terminal_style: Style,
    is_live: bool,
    stderr_is_terminal: bool,
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
            terminal_style: style,
            is_live: stdout.is_terminal,
            stderr_is_terminal: stderr.is_terminal,
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

    /// How terminals are coloured, whether or not one is there.
    pub(crate) fn terminal_style(&self) -> Style {
        self.terminal_style
    }

    /// Whether stdout is a terminal, so that lines can be shown and replaced.
    pub(crate) fn is_live(&self) -> bool {
        self.is_live
    }

    /// Whether stderr is a terminal.
    pub(crate) fn stderr_is_terminal(&self) -> bool {
        self.stderr_is_terminal
    }

    /// Writes to stdout, above the live lines.
    pub(crate) fn print(&self, text: &str) {
        self.print_bytes(text.as_bytes());
    }

    /// The same for what may be no text.
    pub(crate) fn print_bytes(&self, bytes: &[u8]) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        // In one go: half a change would flicker.
        let parts = [erasure(&inner.live).as_bytes(), bytes, inner.live.as_bytes()].concat();
        write(&mut inner.stdout, &parts);
    }

    /// Writes to stderr, above the live lines.
    pub(crate) fn print_error(&self, text: &str) {
        self.print_error_bytes(text.as_bytes());
    }

    /// The same for what may be no text.
    pub(crate) fn print_error_bytes(&self, bytes: &[u8]) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let shares_lines = inner.stderr_is_terminal && !inner.live.is_empty();
        if shares_lines {
            write(&mut inner.stdout, erasure(&inner.live).as_bytes());
        }
        write(&mut inner.stderr, bytes);
        if shares_lines {
            write(&mut inner.stdout, inner.live.as_bytes());
        }
    }

    /// Replaces the live lines; an empty text removes them. Lines that are too wide are cut off.
    pub(crate) fn set_live(&self, lines: &str) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let lines = if lines.is_empty() {
            String::new()
        } else {
            // A line that wraps would be two to erase.
            format!("{NO_WRAP}{lines}{WRAP}")
        };
        write(&mut inner.stdout, (erasure(&inner.live) + &lines).as_bytes());
        inner.live = lines;
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

/// DECAWM off and on.
const NO_WRAP: &str = "\x1b[?7l";
const WRAP: &str = "\x1b[?7h";

/// What takes the live lines off the terminal.
fn erasure(live: &str) -> String {
    if live.is_empty() {
        String::new()
    } else {
        format!("\r\x1b[{}A\x1b[J", live.matches('\n').count())
    }
}

fn write(stream: &mut Box<dyn Write + Send>, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
    let _ = stream.flush();
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

    /// Live lines as they are written.
    fn live(lines: &str) -> String {
        format!("\x1b[?7l{lines}\x1b[?7h")
    }

    #[test]
    fn log_lines_are_written_above_the_live_ones() {
        let (screen, terminal) = screen(true);
        screen.set_live("a\nb\n");
        screen.print_error("log\n");
        screen.set_live("c\n");
        screen.set_live("");
        screen.print("end\n");
        let (ab, c) = (live("a\nb\n"), live("c\n"));
        assert_eq!(
            written(&terminal),
            format!("{ab}\r\x1b[2A\x1b[Jlog\n{ab}\r\x1b[2A\x1b[J{c}\r\x1b[1A\x1b[Jend\n")
        );
    }

    #[test]
    fn printed_bytes_are_whole_lines() {
        let (screen, terminal) = screen(true);
        screen.set_live("a\n");
        let mut printer = Printer::new(Arc::new(screen));
        printer.write_all("é".as_bytes()).unwrap();
        printer.write_all(b"x\ny\n").unwrap();
        let a = live("a\n");
        assert_eq!(written(&terminal), format!("{a}\r\x1b[1A\x1b[Jéx\ny\n{a}"));
    }

    #[test]
    fn a_log_that_goes_elsewhere_does_not_disturb_the_live_lines() {
        let (screen, terminal) = screen(false);
        screen.set_live("a\n");
        screen.print_error("log\n");
        assert_eq!(written(&terminal), live("a\n") + "log\n");
    }
}
