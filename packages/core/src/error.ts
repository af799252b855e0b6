/**
 * The one class of exceptions: what only we or the machine could cause.
 *
 * What a peer, a file or a user can cause is a `Result` (`result.ts`) wherever a
 * caller has to go on with it.
 *
 * @module
 */

/** `code` is for programs, `message` tells a person what happened and what to do. */
export class EffigyError extends Error {
  override readonly name = 'EffigyError'
  /** Stable and kebab-case: `storage`, `closed`, `unreachable`, … */
  readonly code: string

  constructor(code: string, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.code = code
  }
}
