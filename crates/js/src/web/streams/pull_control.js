// What the controllers of both kinds of ReadableStream have behind them: when the source is asked for more.
import { resolvedWith, then } from 'internal:web/streams/promises';

export class PullControl {
  stream;
  started = false;
  closeRequested = false;
  pullAgain = false;
  pulling = false;
  highWaterMark;
  pull;
  cancel;
  /** The controller that scripts see. */
  object = undefined;

  constructor(stream, { pull, cancel }, highWaterMark) {
    this.stream = stream;
    this.highWaterMark = highWaterMark;
    this.pull = pull;
    this.cancel = cancel;
  }

  // SetUpReadableStreamDefaultController, SetUpReadableByteStreamController
  begin(object, start) {
    this.object = object;
    this.stream.control = this;
    const started = resolvedWith(start(object));
    then(started, () => {
      this.started = true;
      this.pullIfNeeded();
    }, (error) => this.error(error));
  }

  // ReadableStreamDefaultControllerCallPullIfNeeded, ReadableByteStreamControllerCallPullIfNeeded
  pullIfNeeded() {
    if (!this.shouldPull()) return;
    if (this.pulling) {
      this.pullAgain = true;
      return;
    }
    this.pulling = true;
    then(this.pull(this.object), () => {
      this.pulling = false;
      if (this.pullAgain) {
        this.pullAgain = false;
        this.pullIfNeeded();
      }
    }, (error) => this.error(error));
  }

  // ReadableStreamDefaultControllerShouldCallPull, ReadableByteStreamControllerShouldCallPull
  shouldPull() {
    if (!this.canEnqueue() || !this.started) return false;
    return this.stream.locked && this.stream.waiting > 0 || this.desiredSize() > 0;
  }

  // ReadableStreamDefaultControllerCanCloseOrEnqueue
  canEnqueue() {
    return !this.closeRequested && this.stream.state === 'readable';
  }

  // ReadableStreamDefaultControllerGetDesiredSize, ReadableByteStreamControllerGetDesiredSize
  desiredSize() {
    if (this.stream.state === 'errored') return null;
    return this.stream.state === 'closed' ? 0 : this.highWaterMark - this.queued;
  }
}
