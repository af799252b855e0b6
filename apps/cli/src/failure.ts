/**
 * Errors as people read them: what happened, what to do, a stable code in brackets.
 *
 *     throw failure('file-exists', …) ─▶ "photo.jpg exists already. Choose another name … [file-exists]"
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { type ErrorText, errorText, otherErrors } from './messages/index.ts'

/** An error of this program; `advice` says what to do, in a whole sentence. */
export class CommandFailure extends EffigyError {
  readonly advice: string

  constructor(code: string, { what, advice }: ErrorText, options?: { readonly cause: unknown }) {
    super(code, what, options)
    this.advice = advice
  }
}

/** Picks the text of `code` from the catalogue, so that an error without advice does not compile. */
export function failure<Code extends keyof typeof errorText>(
  code: Code,
  ...values: Parameters<(typeof errorText)[Code]>
): CommandFailure {
  const write = errorText[code] as (...values: readonly unknown[]) => ErrorText
  return new CommandFailure(code, write(...values))
}

export interface Explained {
  readonly code: string
  /** One or two sentences, no line breaks. */
  readonly text: string
}

/** What to print for anything that reached the top; null when it is not an error that we know. */
export function explain(error: unknown): Explained | null {
  if (error instanceof CommandFailure) {
    return { code: error.code, text: joined(error.message, error.advice) }
  }
  if (error instanceof EffigyError) {
    const advice = otherErrors[error.code] ?? ''
    return { code: error.code, text: joined(error.message, advice) }
  }
  return null
}

function joined(what: string, advice: string): string {
  const sentence = what.charAt(0).toUpperCase() + what.slice(1)
  const whole = /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
  return advice === '' ? whole : `${whole} ${advice}`
}
