//! An output on a thread of its own, behind a queue that is bounded: whoever feeds it never waits.

use std::{
    sync::{Arc, mpsc},
    thread,
};

use crate::{Output, OutputReport, Registry, SampleBatch, Summary};

/// How many batches may wait. Full ones have 1,024 samples of 24 bytes, so an output that has
/// stopped holds 24 MiB.
const QUEUE: usize = 1024;

/// The feeding side.
#[derive(Debug)]
pub(crate) struct OutputQueue {
    description: String,
    queue: mpsc::SyncSender<Message>,
    /// Samples that did not fit.
    dropped: u64,
    thread: thread::JoinHandle<Ended>,
}

enum Message {
    Samples(Arc<SampleBatch>),
    Finish(Arc<Summary>),
}

/// What the thread of an output comes back with.
#[derive(Debug, Default)]
struct Ended {
    /// Samples that came after it had failed.
    lost: u64,
    error: Option<String>,
}

impl OutputQueue {
    /// Starts the thread of an output that was started.
    pub(crate) fn start(
        output: Box<dyn Output>,
        registry: Arc<Registry>,
    ) -> Result<Self, std::io::Error> {
        let description = output.description();
        let (queue, messages) = mpsc::sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || serve(output, &messages, &registry))?;
        Ok(Self { description, queue, dropped: 0, thread })
    }

    /// The output's own.
    pub(crate) fn description(&self) -> &str {
        &self.description
    }

    /// Hands over a batch, or drops it if the queue is full.
    pub(crate) fn offer(&mut self, batch: &Arc<SampleBatch>) {
        if self.queue.try_send(Message::Samples(batch.clone())).is_err() {
            self.dropped += batch.len() as u64;
        }
    }

    /// Lets the output finish with what is queued. Waits for room in the queue.
    pub(crate) fn finish(&self, summary: &Arc<Summary>) {
        // An output that panicked is gone; `join` says so.
        let _ = self.queue.send(Message::Finish(summary.clone()));
    }

    /// Waits until the output has finished.
    pub(crate) fn join(self) -> OutputReport {
        let ended = self.thread.join().unwrap_or_else(|_| Ended {
            lost: 0,
            error: Some("it panicked; this is a bug of sockeye".to_owned()),
        });
        OutputReport {
            output: self.description,
            dropped_samples: self.dropped + ended.lost,
            error: ended.error,
        }
    }
}

fn serve(
    mut output: Box<dyn Output>,
    messages: &mpsc::Receiver<Message>,
    registry: &Registry,
) -> Ended {
    let mut ended = Ended::default();
    while let Ok(message) = messages.recv() {
        match message {
            Message::Samples(batch) if ended.error.is_some() => ended.lost += batch.len() as u64,
            Message::Samples(batch) => {
                if let Err(error) = output.samples(&batch, registry) {
                    ended.error = Some(error.with_causes());
                }
            }
            Message::Finish(summary) => {
                if ended.error.is_none() {
                    ended.error = output.finish(&summary).err().map(|error| error.with_causes());
                }
                break;
            }
        }
    }
    ended
}
