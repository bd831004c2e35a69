//! The process around the program: arguments, variables, directory, streams, signals.

use std::{
    collections::BTreeMap,
    env,
    io::{self, IsTerminal},
    path::PathBuf,
};

use crate::ui::screen::Stream;

/// What the system tells the program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Process {
    /// The command line, program name first.
    pub(crate) args: Vec<String>,
    /// The variables of the environment.
    pub(crate) env: BTreeMap<String, String>,
    /// Where relative paths begin.
    pub(crate) directory: PathBuf,
}

impl Process {
    /// This process. In variables, bytes that are no text are replaced; an argument that is none is
    /// an error, because what it names would not be found.
    pub(crate) fn system() -> io::Result<Self> {
        let text = |os: std::ffi::OsString| os.to_string_lossy().into_owned();
        let argument = |os: std::ffi::OsString| {
            os.into_string().map_err(|os| {
                let shown = os.to_string_lossy().into_owned();
                io::Error::other(format!("the argument `{shown}` is not UTF-8 text"))
            })
        };
        Ok(Self {
            args: env::args_os().map(argument).collect::<io::Result<_>>()?,
            env: env::vars_os().map(|(name, value)| (text(name), text(value))).collect(),
            directory: env::current_dir()?,
        })
    }

    /// A variable that is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Standard output.
pub(crate) fn stdout() -> Stream {
    let stdout = io::stdout();
    Stream { is_terminal: stdout.is_terminal(), writer: Box::new(stdout) }
}

/// Standard error.
pub(crate) fn stderr() -> Stream {
    let stderr = io::stderr();
    Stream { is_terminal: stderr.is_terminal(), writer: Box::new(stderr) }
}

/// Columns and rows of the terminal, if stdout is one.
pub(crate) fn terminal_size() -> Option<(usize, usize)> {
    terminal_size::terminal_size()
        .map(|(width, height)| (usize::from(width.0), usize::from(height.0)))
}

/// A wish from outside that the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopSignal {
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl StopSignal {
    /// k6: what its log calls it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupt",
            Self::Terminate => "terminated",
        }
    }
}

/// The stop signals from now on; they no longer end the process by themselves.
#[derive(Debug)]
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Listens, within a tokio runtime.
    #[cfg(unix)]
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Listens, within a tokio runtime.
    #[cfg(not(unix))]
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next one. Dropping the future loses none.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) -> StopSignal {
        tokio::select! {
            _ = self.interrupt.recv() => StopSignal::Interrupt,
            _ = self.terminate.recv() => StopSignal::Terminate,
        }
    }

    /// Waits for the next one.
    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) -> StopSignal {
        // Without a listener there is nothing that could end the program but itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        StopSignal::Interrupt
    }
}
