// The door to the natives, and what Web IDL asks of interfaces (`idl.rs`). First of the halves to run.

const key = Symbol.for('sockeye.native');

/** The native halves. Taken off the global object before any script could look. */
export const native = globalThis[key];
delete globalThis[key];

export const { constants, dictionary, expose, idl, required } = native;
