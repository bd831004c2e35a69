//! What is told when a test is over: what `handleSummary` returns, or the summary as it is; and
//! `--summary-export`.

use std::{fs, io, path::Path};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sockeye_engine::{
    log::{LogLevel, LogRecord, LogSink as _},
    options::Options,
    vu::VuError,
};
use sockeye_js::{HandleSummaryError, Summarized, SummaryAnswer, SummaryHandler};
use sockeye_metrics::Summary;
use sockeye_outputs::{
    ExportError, RunDescription, machine_readable_summary, summary_data, write_summary_export,
};

use crate::{
    config::RunSettings,
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    logging::Logger,
    process::Signals,
    ui::{
        screen::Screen,
        style::Style,
        summary::{self, Look, SummaryMode},
    },
};

/// A test that is over, and what is around it.
pub(crate) struct EndOfTest<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) look: Look,
    pub(crate) settings: &'a RunSettings,
    pub(crate) options: &'a Options,
    /// What `setup` returned, as JSON.
    pub(crate) setup_data: Option<&'a str>,
    /// Whether nothing went wrong.
    pub(crate) passed: bool,
    pub(crate) screen: &'a Screen,
    pub(crate) logger: &'a Logger,
}

impl EndOfTest<'_> {
    /// Tells how it went, by the script's own `handleSummary` if there is one. What goes wrong there
    /// is logged, and the summary shown as it is. Returns what a script made of the data, if one did.
    ///
    /// # Errors
    /// A [`Diagnostic`] if signals can't be listened to.
    pub(crate) async fn tell(
        &self,
        handler: Option<SummaryHandler>,
    ) -> Result<Option<String>, Diagnostic> {
        // k6: who wants no summary wants no `handleSummary` either.
        let handler = handler.filter(|_| self.look.mode != SummaryMode::Disabled);
        let Some(handler) = handler else {
            self.show();
            return Ok(None);
        };
        let Summarized { answer, data } = self.ask(handler).await?;
        match answer {
            SummaryAnswer::Default => self.show(),
            SummaryAnswer::Contents(contents) => self.write(contents),
            SummaryAnswer::Invalid(message) => self.failed(message),
        }
        Ok(data)
    }

    fn show(&self) {
        self.screen.print(&summary::render(self.summary, &self.look));
    }

    /// What `handleSummary` says; a signal ends it.
    async fn ask(&self, handler: SummaryHandler) -> Result<Summarized, Diagnostic> {
        let mut signals = Signals::listen()
            .map_err(|error| Diagnostic::from_error(ExitCode::EngineError, &error))?;
        let data = self.data();
        let answer = tokio::select! {
            answer = handler.call(&data, self.options.handle_summary_timeout) => answer,
            _ = signals.next() => Err(HandleSummaryError::Vu(VuError::Interrupted)),
        };
        Ok(answer.unwrap_or_else(|error| {
            let record = LogRecord::new(LogLevel::Error, error.to_string());
            let record = match &error {
                HandleSummaryError::Vu(VuError::Script(_)) => {
                    record.field("hint", "script exception")
                }
                HandleSummaryError::TimedOut(_) => {
                    // k6: as for `setup` and `teardown`.
                    let option = "handleSummaryTimeout";
                    let hint = format!("You can increase the time limit via the {option} option");
                    record.field("hint", hint)
                }
                _ => record,
            };
            self.logger.log(record);
            Summarized { answer: SummaryAnswer::Default, data: None }
        }))
    }

    /// The argument of `handleSummary`, as JSON.
    fn data(&self) -> String {
        let stats = &self.look.trend_stats;
        let data = if self.settings.machine_readable_summary {
            machine_readable_summary(self.summary, stats, &self.description())
        } else {
            let mut data = summary_data(self.summary, stats);
            data.extend(self.surroundings());
            data
        };
        let mut text = Value::Object(data).to_string();
        if let Some(setup_data) =
            self.setup_data.filter(|_| !self.settings.machine_readable_summary)
        {
            // It is JSON already, and a script's may say more than a reader of ours would take.
            text.pop();
            text = text + ",\"setup_data\":" + setup_data + "}";
        }
        text
    }

    /// What `handleSummary` is told of the program.
    fn surroundings(&self) -> Map<String, Value> {
        let options = json!({
            "summaryTrendStats": self.options.summary_trend_stats,
            "summaryTimeUnit": self.options.summary_time_unit.as_deref().unwrap_or_default(),
            "noColor": self.screen.terminal_style() == Style::Plain,
        });
        let state = json!({
            "isStdOutTTY": self.screen.is_live(),
            "isStdErrTTY": self.screen.stderr_is_terminal(),
            "testRunDurationMs": self.summary.run_duration.as_secs_f64() * 1e3,
        });
        let pairs = [("options".to_owned(), options), ("state".to_owned(), state)];
        pairs.into_iter().collect()
    }

    fn description(&self) -> RunDescription {
        RunDescription {
            script: self.settings.script.clone(),
            generated_at: format!("{:.3}", Timestamp::now()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            passed: self.passed,
        }
    }

    /// Writes what `handleSummary` returned to where it said.
    fn write(&self, contents: Vec<(String, Vec<u8>)>) {
        let mut unsaved = Vec::new();
        for (place, content) in contents {
            match place.as_str() {
                "stdout" => self.screen.print_bytes(&content),
                "stderr" => self.screen.print_error_bytes(&content),
                path => {
                    if let Err(error) = self.write_file(path, &content) {
                        unsaved.push(format!("\n\t- could not open '{path}': {error}"));
                    }
                }
            }
        }
        if !unsaved.is_empty() {
            let unsaved = unsaved.concat();
            self.failed(format!("Could not save some summary information:{unsaved}"));
        }
    }

    fn write_file(&self, path: &str, content: &[u8]) -> io::Result<()> {
        if path.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "its name is empty"));
        }
        fs::write(self.settings.directory.join(path), content)
    }

    fn failed(&self, error: String) {
        // k6: its words.
        let message = "failed to handle the end-of-test summary";
        self.logger.log(LogRecord::new(LogLevel::Error, message).field("error", error));
    }

    /// Writes the file of `--summary-export`, if one was asked for. k6: what `handleSummary` made of its
    /// data is what is written.
    pub(crate) fn export(&self, data: Option<&str>) {
        let Some(path) = &self.settings.summary_export else { return };
        if self.look.mode == SummaryMode::Disabled {
            return;
        }
        if let Err(error) = self.write_export(path, data) {
            let message = format!("failed to write the summary to `{}`: {error}", path.display());
            self.logger.log(LogRecord::new(LogLevel::Error, message));
        }
    }

    fn write_export(&self, path: &Path, data: Option<&str>) -> Result<(), ExportError> {
        let mut text = Vec::new();
        let stats = &self.look.trend_stats;
        if self.settings.machine_readable_summary {
            let document = machine_readable_summary(self.summary, stats, &self.description());
            serde_json::to_writer_pretty(&mut text, &document).map_err(io::Error::from)?;
        } else {
            let data = data.and_then(|data| serde_json::from_str(data).ok());
            let data = data.unwrap_or_else(|| summary_data(self.summary, stats));
            write_summary_export(&data, &mut text)?;
        }
        Ok(fs::write(path, text)?)
    }
}
