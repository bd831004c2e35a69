//! The outputs of a run: opened before it, finished after it.

use std::{sync::Arc, time::Duration};

use sockeye_engine::{
    log::{LogLevel, LogRecord, LogSink as _},
    options::SignedDuration,
};
use sockeye_metrics::{Output, OutputReport, Summary, SystemTags, UnfinishedOutputs};
use sockeye_outputs::{OpenContext, OpenError};
use tokio::time::timeout;

use crate::{
    diagnostic::Diagnostic,
    exit_code::ExitCode,
    logging::Logger,
    process::{Process, Signals},
    ui::screen::{Printer, Screen},
};

/// Opens what `--out` names.
///
/// # Errors
/// A [`Diagnostic`] for one that does not exist or can't be opened.
pub(crate) fn open(
    specs: &[String],
    system_tags: SystemTags,
    screen: &Arc<Screen>,
    process: &Process,
) -> Result<Vec<Box<dyn Output>>, Diagnostic> {
    let screen = Arc::clone(screen);
    let env = process.env.clone();
    let context = OpenContext {
        system_tags,
        variable: Box::new(move |name| env.get(name).filter(|text| !text.is_empty()).cloned()),
        parse_duration: |text| {
            let duration = SignedDuration::parse(text).ok()?;
            (!duration.is_negative()).then(|| duration.clamped())
        },
        ..OpenContext::new(Box::new(move || Box::new(Printer::new(Arc::clone(&screen)))))
    };
    let open = |spec: &String| {
        sockeye_outputs::open(spec, &context).map_err(|error| {
            let diagnostic = Diagnostic::from_error(ExitCode::Usage, &error);
            match error {
                OpenError::Unknown { nearest: Some(name), .. } => {
                    diagnostic.hint(format!("did you mean `{name}`?"))
                }
                _ => diagnostic,
            }
        })
    };
    specs.iter().map(open).collect()
}

/// Lets the outputs finish. One that is stuck, say because nobody reads from its pipe, is left behind
/// at the next signal.
///
/// # Errors
/// A [`Diagnostic`] if signals can't be listened to.
pub(crate) async fn finish(
    outputs: UnfinishedOutputs,
    summary: &Summary,
    logger: &Logger,
) -> Result<Vec<OutputReport>, Diagnostic> {
    let mut signals =
        Signals::listen().map_err(|error| Diagnostic::from_error(ExitCode::EngineError, &error))?;
    let descriptions = outputs.descriptions();
    let summary = summary.clone();
    let mut finished = tokio::task::spawn_blocking(move || outputs.finish(&summary));
    let wait = async {
        if let Ok(reports) = timeout(PATIENCE, &mut finished).await {
            return reports;
        }
        let message = "waiting for the outputs to finish; a signal leaves them behind";
        logger.log(LogRecord::new(LogLevel::Warning, message));
        finished.await
    };
    tokio::select! {
        reports = wait => Ok(reports.unwrap_or_default()),
        _ = signals.next() => {
            let left = |output| OutputReport {
                output,
                dropped_samples: 0,
                error: Some("it had not finished when a signal came".to_owned()),
            };
            Ok(descriptions.into_iter().map(left).collect())
        }
    }
}

/// After this the user is told why the program does not end.
const PATIENCE: Duration = Duration::from_secs(2);
