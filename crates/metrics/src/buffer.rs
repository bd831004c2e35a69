//! The road of a sample out of a worker: an unsynchronised buffer, handed over in batches.

use std::sync::mpsc;

use crate::{Sample, SampleBatch, TagSet};

/// How many samples make a batch. 1,024 of them are 24 KiB, and a worker that takes a million
/// samples a second then crosses to the collector a thousand times.
const BATCH: usize = 1024;

/// A channel for batches: the sending half for workers, the receiving half for the collector.
pub fn sample_channel() -> (SampleSender, mpsc::Receiver<SampleBatch>) {
    let (batches, receiver) = mpsc::channel();
    (SampleSender { batches }, receiver)
}

/// Where batches go. One clone for each worker.
#[derive(Clone, Debug)]
pub struct SampleSender {
    batches: mpsc::Sender<SampleBatch>,
}

impl SampleSender {
    /// Hands a batch to the collector. After the collector has gone, a batch is dropped: the run
    /// is over and its summary made.
    pub fn send(&self, batch: SampleBatch) {
        if !batch.is_empty() {
            let _ = self.batches.send(batch);
        }
    }

    /// Tells the collector that the run is over: an empty batch, which nobody else can send.
    pub(crate) fn send_end(&self) {
        let _ = self.batches.send(SampleBatch::default());
    }
}

/// One worker's samples, not yet handed over. Whoever owns it flushes it now and then, so that a
/// slow trickle is seen as well; dropping it flushes too.
#[derive(Debug)]
pub struct SampleBuffer {
    pending: SampleBatch,
    sender: SampleSender,
}

impl SampleBuffer {
    /// An empty buffer in front of `sender`.
    pub fn new(sender: SampleSender) -> Self {
        Self { pending: SampleBatch::with_capacity(BATCH), sender }
    }

    /// Keeps a sample, and hands the batch over when it is full.
    pub fn push(&mut self, sample: Sample) {
        self.push_with_metadata(sample, None);
    }

    /// The same for a sample of which more is said than its tags.
    pub fn push_with_metadata(&mut self, sample: Sample, metadata: Option<&TagSet>) {
        self.pending.push(sample, metadata);
        if self.pending.len() >= BATCH {
            self.flush();
        }
    }

    /// Hands over what is pending.
    pub fn flush(&mut self) {
        if !self.pending.is_empty() {
            let full = std::mem::replace(&mut self.pending, SampleBatch::with_capacity(BATCH));
            self.sender.send(full);
        }
    }
}

impl Drop for SampleBuffer {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SeriesId, UnixNanos};

    #[test]
    fn full_batches_and_the_rest_arrive_in_order() {
        let (sender, batches) = sample_channel();
        let mut buffer = SampleBuffer::new(sender);
        for n in 0..BATCH + 3 {
            buffer.push(Sample { series: SeriesId(0), time: UnixNanos(0), value: n as f64 });
        }
        drop(buffer);
        let got: Vec<f64> = batches.iter().flatten().map(|sample| sample.value).collect();
        assert_eq!(got, (0..BATCH + 3).map(|n| n as f64).collect::<Vec<_>>());
    }
}
