// The door to the natives, and what Web IDL asks of interfaces (`idl.rs`).
import native from 'internal:web/natives';

export { native };
export const { constants, dictionary, expose, idl, required } = native;
