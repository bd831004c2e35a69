//! `sockeye run`: the story of a run, top to bottom. START READING HERE.

use std::{
    future::Future,
    num::NonZeroUsize,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use sockeye_engine::{
    AbortReason, ControlHandle, EventReceiver, Outcome, RunConfig, RunEnd, RunEvent, RunStatus,
    Scheduler, WallClock, event_channel,
    log::{LogLevel, LogRecord, LogSink},
    options::{Options, OptionsLayer, Resolved},
    progress::Progress,
};
use sockeye_js::{JsVuFactory, Keep, RunContext};
use sockeye_metrics::{Breakdown, Pipeline, PipelineConfig, Registry, Summary, UnixNanos};

use super::load;
use crate::{
    api::{ApiRun, ApiServer},
    built_in_server::BuiltInServer,
    config::{self, AtEnd, Mistakes, Outside, RunSettings, ScriptOptions, SystemEnv},
    diagnostic::Diagnostic,
    end_of_test::EndOfTest,
    ending::{self, Ending, Verdict},
    exit_code::ExitCode,
    logging::Logger,
    outputs,
    process::{Process, Signals, StopSignal},
    ui::{
        header::{self, Header},
        live::Live,
        screen::Screen,
        summary::SummaryMode,
    },
};

/// What is around a run.
pub(crate) struct Surroundings<'a> {
    pub(crate) process: &'a Process,
    pub(crate) screen: &'a Arc<Screen>,
    pub(crate) logger: &'a Arc<Logger>,
    /// Print neither header nor progress.
    pub(crate) quiet: bool,
}

/// Runs a test.
///
/// # Errors
/// A [`Diagnostic`] for whatever keeps it from starting. How a run that did start has ended is
/// reported here.
pub(crate) fn run(
    script: &str,
    flags: &OptionsLayer,
    around: &Surroundings<'_>,
) -> Result<ExitCode, Diagnostic> {
    load::block_on(async {
        let outside = config::outside(flags, around.process)?;
        let settings = config::run_settings(script, &outside, around.process, SystemEnv::Shown)?;
        let server = if settings.with_server { Some(BuiltInServer::start().await?) } else { None };
        let result = test(&outside, &settings, server.as_ref(), around).await;
        if let Some(server) = server {
            if let Some(counts) = server.counts().await {
                around.logger.log(counts);
            }
            server.stop().await;
        }
        result
    })
}

async fn test(
    outside: &Outside,
    settings: &RunSettings,
    server: Option<&BuiltInServer>,
    around: &Surroundings<'_>,
) -> Result<ExitCode, Diagnostic> {
    // What is to run.
    let registry = Registry::new();
    let roots = config::system_roots(around.process, &**around.logger);
    let bundle = load::bundle(settings, &registry, &roots, Keep::Code, around).await?;
    let text = settings.read_script();
    let script = ScriptOptions {
        exported: settings.exported(&bundle),
        name: bundle.url().as_str(),
        text: &text,
    };
    let resolved = config::options(&script, outside, &**around.logger)?;
    let mistakes = Mistakes { origins: &resolved.origins, script: &script, outside };
    let options = Arc::new(resolved.options.clone());
    load::check_functions(&options, &bundle)?;
    config::check_start(&options, settings.api.as_ref())?;
    let thresholds = config::thresholds(&options, &registry)?;
    let dialer =
        config::dialer(&options, around.process, roots, server, &mistakes, &**around.logger)?;

    let api = match &settings.api {
        Some(api) => Some(ApiServer::bind(&api.address).await?),
        None => None,
    };

    // Where results go.
    let outputs =
        outputs::open(&settings.outputs, options.system_tags, around.screen, around.process)?;
    if !around.quiet {
        let descriptions: Vec<String> = outputs.iter().map(|output| output.description()).collect();
        let server = server.map(BuiltInServer::description);
        let header =
            Header { script: &settings.script, outputs: &descriptions, server: server.as_deref() };
        around.screen.print(&header::render(&header, &options, around.screen.stdout_style()));
    }
    let control = ControlHandle::new();
    let pipeline = Pipeline::start(PipelineConfig {
        registry: Arc::clone(&registry),
        thresholds,
        breakdown: match settings.summary_mode {
            SummaryMode::Full => Breakdown::ScenariosAndGroups,
            SummaryMode::Compact | SummaryMode::Disabled => Breakdown::Totals,
        },
        outputs,
        eval_interval: PipelineConfig::EVAL_INTERVAL,
        on_breach: {
            let control = control.clone();
            Box::new(move |breach| control.abort(AbortReason::Thresholds(breach.crossed)))
        },
    })
    .map_err(|error| Diagnostic::from_error(ExitCode::Usage, &error))?;

    // The run.
    let status = Arc::new(RunStatus::new());
    let status_at_end = Arc::clone(&status);
    let progress = Progress::new(&options, Arc::clone(&status));
    let live = Live::new(around.screen, &progress, &options, around.quiet);
    let workers = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let abort = control.clone();
    let marked_as_failed = Arc::new(AtomicBool::new(false));
    let context = RunContext {
        samples: pipeline.sender(),
        status: Arc::clone(&status),
        dialer,
        system_tags: options.system_tags,
        tags: options.tags.clone(),
        options: shown_to_script(&resolved),
        user_agent: options.user_agent.clone(),
        min_iteration_duration: options.min_iteration_duration,
        keep_cookies: options.no_cookies_reset,
        keep_connections: !options.no_connection_reuse && !options.no_vu_connection_reuse,
        marked_as_failed: Arc::clone(&marked_as_failed),
        abort: Arc::new(move |reason| abort.abort(AbortReason::Script(reason))),
        workers: workers.get(),
        heaps_end_with_process: true,
        ws_debug: settings.ws_debug,
    };
    let factory = JsVuFactory::start(&bundle, context)
        .map_err(|error| Diagnostic::from_error(ExitCode::EngineError, &error))?;
    let factory = Arc::new(factory);
    let _api = api.map(|api| {
        let message = format!("Starting the REST API server on {}", api.address());
        around.logger.log(LogRecord::new(LogLevel::Debug, message));
        api.serve(ApiRun {
            control: control.clone(),
            progress: Arc::clone(&progress),
            metrics: pipeline.view(),
            options: Arc::clone(&options),
            setup_data: factory.setup_data(),
            factory: Arc::downgrade(&factory),
        })
    });
    let (events, happenings) = event_channel();
    let run = Scheduler::run(RunConfig {
        options: Arc::clone(&options),
        factory: Arc::clone(&factory),
        control: control.clone(),
        status,
        progress: Arc::clone(&progress),
        events,
        samples: pipeline.sender(),
        registry,
        clock: WallClock::starting_at(unix_now()),
        init_concurrency: workers.saturating_mul(NonZeroUsize::MIN.saturating_add(1)),
    });
    let watched =
        Watched { options: &options, control: &control, pipeline: &pipeline, live: &live };
    let ending = watch(run, happenings, &watched, around.logger).await?;
    let (handler, setup_data) = (factory.summary_handler(), factory.setup_data().get());
    if matches!(ending, Ending::Run { .. }) {
        shut_down(factory).await;
    }

    // What came of it.
    let (mut summary, outputs) = pipeline.end(progress.snapshot().elapsed);
    if options.no_thresholds {
        // k6: what only a threshold named is not shown then.
        summary.drop_unmeasured();
    }
    summary.outputs = outputs::finish(outputs, &summary, around.logger).await?;
    let crossed = summary.crossed();
    let verdict =
        Verdict { crossed: &crossed, marked_as_failed: marked_as_failed.load(Ordering::Relaxed) };
    let diagnostics = ending::diagnostics(&ending, &verdict);
    let end = EndOfTest {
        summary: &summary,
        look: config::look(&options, settings.summary_mode, around.screen.stdout_style()),
        settings,
        options: &options,
        setup_data: setup_data.as_deref(),
        passed: diagnostics.is_empty(),
        screen: around.screen,
        logger: around.logger,
    };
    live.clear();
    // Who wants to leave at once wants no more of the script.
    let handler = handler.filter(|_| matches!(ending, Ending::Run { .. }));
    let data = end.tell(handler).await?;
    live.leave();
    let is_finished =
        matches!(&ending, Ending::Run { outcome, .. } if outcome.end == RunEnd::Finished);
    if is_finished && status_at_end.iterations_complete() == 0 {
        // k6: its words.
        let message =
            "No script iterations fully finished, consider making the test duration longer";
        around.logger.log(LogRecord::new(LogLevel::Warning, message));
    }
    end.export(data.as_deref());
    let was_told_to_end =
        matches!(&ending, Ending::CutOff(_) | Ending::Run { stopped_by: Some(_), .. });
    if settings.at_end == AtEnd::Linger && !was_told_to_end {
        linger(&control, around).await?;
    }
    Ok(report(&diagnostics, &summary, around.logger))
}

/// Stays, with the REST API if there is one, until a signal, or the API itself, ends it.
async fn linger(control: &ControlHandle, around: &Surroundings<'_>) -> Result<(), Diagnostic> {
    let mut signals =
        Signals::listen().map_err(|error| Diagnostic::from_error(ExitCode::EngineError, &error))?;
    let message =
        "The test is done, but --linger was enabled, so sockeye waits for Ctrl+C to continue...";
    around.logger.log(LogRecord::new(LogLevel::Info, message));
    let is_stopped = control.stop_reason().is_some();
    tokio::select! {
        _ = signals.next() => {}
        () = control.stopped().cancelled(), if !is_stopped => {}
    }
    Ok(())
}

/// `exec.test.options`.
fn shown_to_script(resolved: &Resolved) -> String {
    let mut options = resolved.to_json();
    // k6: the shortcuts are shown as the scenario that they mean.
    for shortcut in ["vus", "duration", "iterations", "stages"] {
        options.shift_remove(shortcut);
    }
    // k6: two that no script can say are shown behind the others.
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    options.insert("consoleOutput".to_owned(), text(&resolved.merged.console_output));
    options.insert("localIPs".to_owned(), text(&resolved.merged.local_ips));
    Value::Object(options).to_string()
}

/// What goes with a run that is watched.
struct Watched<'a> {
    options: &'a Options,
    control: &'a ControlHandle,
    pipeline: &'a Pipeline,
    live: &'a Live<'a>,
}

/// Drives the run to its end, shows how it goes, and obeys signals: the first stops it gracefully,
/// the second at once.
async fn watch(
    run: impl Future<Output = Outcome>,
    mut happenings: EventReceiver,
    watched: &Watched<'_>,
    logger: &Logger,
) -> Result<Ending, Diagnostic> {
    let Watched { options, control, pipeline, live } = watched;
    let mut signals =
        Signals::listen().map_err(|error| Diagnostic::from_error(ExitCode::EngineError, &error))?;
    let mut stopped_by: Option<StopSignal> = None;
    let mut ticks = live.ticks();
    let mut run = pin!(run);
    loop {
        tokio::select! {
            biased;
            signal = signals.next() => {
                if stopped_by.is_some() {
                    return Ok(Ending::CutOff(signal));
                }
                logger.log(LogRecord::new(LogLevel::Debug, "stopping in response to a signal"));
                stopped_by = Some(signal);
                live.stopping();
                control.stop();
            }
            outcome = &mut run => return Ok(Ending::Run { outcome, stopped_by }),
            Some(event) = happenings.recv() => {
                // Rates count from the last of these, that is from the start of the scenarios.
                if matches!(event, RunEvent::InitFinished | RunEvent::SetupFinished) {
                    pipeline.run_started();
                    ticks.reset();
                }
                logger.log(record(&event, options));
            }
            _ = ticks.tick() => live.show(),
        }
    }
}

/// What happened, as the log says it.
fn record(event: &RunEvent, options: &Options) -> LogRecord {
    let of_scenario = |level, message: String, index: usize| {
        let record = LogRecord::new(level, message);
        match options.scenarios.get(index) {
            Some(scenario) => record
                .field("executor", scenario.executor.kind().as_str())
                .field("scenario", &scenario.name),
            None => record,
        }
    };
    match event {
        // k6: its words.
        RunEvent::InsufficientVus { scenario, vus } => of_scenario(
            LogLevel::Warning,
            format!("Insufficient VUs, reached {vus} active VUs and cannot initialize more"),
            *scenario,
        ),
        RunEvent::UnplannedVuFailed { scenario, error } => of_scenario(
            LogLevel::Error,
            format!("a VU that was missed could not be made: {error}"),
            *scenario,
        ),
        event => LogRecord::new(LogLevel::Debug, format!("{event:?}")),
    }
}

/// Ends the worker threads, so that every sample is handed over.
async fn shut_down(factory: Arc<JsVuFactory>) {
    if let Some(factory) = Arc::into_inner(factory) {
        let join = tokio::task::spawn_blocking(|| factory.shut_down());
        // One that hangs has nothing more to say.
        let _ = tokio::time::timeout(JOIN_TIMEOUT, join).await;
    }
}

const JOIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Says what went wrong, and finds the exit code.
fn report(diagnostics: &[Diagnostic], summary: &Summary, logger: &Logger) -> ExitCode {
    for output in &summary.outputs {
        let name = &output.output;
        if let Some(error) = &output.error {
            logger.log(LogRecord::new(LogLevel::Error, format!("output `{name}`: {error}")));
        }
        if output.dropped_samples > 0 {
            let dropped = output.dropped_samples;
            let reason = if output.error.is_some() { "failed" } else { "was too slow" };
            let message = format!("output `{name}` {reason} and missed {dropped} samples");
            logger.log(LogRecord::new(LogLevel::Warning, message));
        }
    }
    for diagnostic in diagnostics {
        logger.report(diagnostic);
    }
    diagnostics.first().map_or(ExitCode::Ok, |first| first.code)
}

fn unix_now() -> UnixNanos {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixNanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
