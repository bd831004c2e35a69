// ReadableByteStreamController and ReadableStreamBYOBRequest: Streams §4.7 and §4.8, over `byte_control.js`.
import { idl, required } from 'internal:web/idl';
import { bufferLength, isDetached, toView } from 'internal:web/streams/buffers';
import { enforceRange } from 'internal:web/streams/promises';

/** The record that the next controller or request takes over: scripts can make none. */
let given;
function take() {
  if (given === undefined) throw new TypeError('Illegal constructor');
  const record = given;
  given = undefined;
  return record;
}

export function newByteController(control) {
  given = control;
  return new ReadableByteStreamController();
}

export function newByobRequest(record) {
  given = record;
  return new ReadableStreamBYOBRequest();
}

export class ReadableByteStreamController {
  #control;

  constructor() { this.#control = take(); }

  get byobRequest() { return this.#control.request()?.object ?? null; }
  get desiredSize() { return this.#control.desiredSize(); }

  #open() {
    if (this.#control.closeRequested) throw new TypeError('the stream is closing');
    if (this.#control.stream.state !== 'readable') throw new TypeError('the stream is closed or errored');
  }

  close() {
    this.#open();
    this.#control.close();
  }

  enqueue(chunk) {
    this.#control;
    required(arguments.length, 1);
    const view = toView(chunk);
    if (view.byteLength === 0) throw new TypeError('the chunk is empty');
    if (bufferLength(view.buffer) === 0) throw new TypeError('the buffer of the chunk is empty');
    this.#open();
    this.#control.enqueue(view);
  }

  error(error = undefined) { this.#control.error(error); }
}

export class ReadableStreamBYOBRequest {
  /** `{ control, view }`: undefined and null once it was answered. */
  #record;

  constructor() { this.#record = take(); }

  get view() { return this.#record.view; }

  respond(bytesWritten) {
    const record = this.#record;
    required(arguments.length, 1);
    bytesWritten = enforceRange(bytesWritten, 'bytesWritten');
    if (record.control === undefined) throw new TypeError('this request was answered already');
    if (isDetached(toView(record.view).buffer)) throw new TypeError('the buffer of the view is detached');
    record.control.respond(bytesWritten);
  }

  respondWithNewView(view) {
    const record = this.#record;
    required(arguments.length, 1);
    view = toView(view);
    if (record.control === undefined) throw new TypeError('this request was answered already');
    if (isDetached(view.buffer)) throw new TypeError('the buffer of the view is detached');
    record.control.respondWithNewView(view);
  }
}

idl(ReadableByteStreamController);
idl(ReadableStreamBYOBRequest);
