// The way in for our other halves: what they need of the native events (`event_target.rs`).
import { native } from 'internal:web/idl';

export const { CloseEvent, ErrorEvent, Event, EventTarget, MessageEvent } = native;

/**
 * `trusted(Class, type, time, init)` makes a trusted event; `time` is when it happened, in milliseconds of
 * `performance.now()`, and `init` the dictionary of the class without the members of `EventInit`.
 * `fire(target, event)` dispatches it; false if it was cancelled.
 * `fireMessage(target, data, origin, time)` does both for the hot one, and nothing if nobody listens.
 * `hasListeners(target, type)` spares making an event that nobody would see.
 * `defineEventHandlers(Class, types)` defines the `onX` attributes of an interface.
 */
export const { defineEventHandlers, fire, fireMessage, hasListeners, trusted } = native;
