/**
 * What a peer, a file or a user can cause is returned, never thrown.
 *
 * @module
 */

/** Success carries the value, failure carries what happened as plain data. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure }

/** A success. */
export function ok<Value>(value: Value): Result<Value, never> {
  return { ok: true, value }
}

/** A failure, as data. */
export function err<Failure>(error: Failure): Result<never, Failure> {
  return { ok: false, error }
}
