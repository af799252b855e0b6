/**
 * What a hook gives: nothing yet, something, or why not. Errors are values with a code.
 *
 *     pending ─▶ ready ─▶ ready ─▶ …        └─▶ failed
 *
 * @module
 */
import { use } from 'react'

/** Something that is waited for: `useReady` hands it to React. */
export interface Pending {
  readonly type: 'pending'
  readonly error: null
  /** Starts it, if nothing did, and resolves when there is more to say than "pending". The same promise each time. */
  readonly wait: () => Promise<void>
}

export type Answer<Value> =
  | (Pending & { readonly value: null })
  | { readonly type: 'ready'; readonly value: Value; readonly error: null }
  /** `value`: the last one before. */
  | { readonly type: 'failed'; readonly value: Value | null; readonly error: QueryError }

/** Why there is no answer; `code` as of the peer's `EffigyError`, or 'unknown'. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly code: string

  constructor(code: string, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Of whatever was thrown, on this side of a port or on the other. */
export function queryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error
  if (!(error instanceof Error)) return new QueryError('unknown', String(error), { cause: error })
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  return new QueryError(code, error.message, { cause: error })
}

/** In the form that `use` reads at once, without a turn of its own. */
const settled = Object.assign(Promise.resolve(), { status: 'fulfilled', value: undefined })

interface Settling {
  readonly type: string
}

/**
 * For components below a `<Suspense>` and an error boundary: suspends while it is pending, throws its `QueryError`
 * when it failed, and gives what is there: `const { items } = useReady(useTimeline())`.
 */
export function useReady<Shown extends Settling>(
  answer: Shown | Pending,
): Exclude<Shown, { readonly type: 'pending' | 'failed' }> {
  // Always called: React minds a `use` that comes and goes.
  use(isPending(answer) ? answer.wait() : settled)
  // Settled, and this answer is of before: React renders again, with the next one.
  if (isPending(answer)) throw answer.wait()
  if (answer.type === 'failed') throw (answer as unknown as { readonly error: QueryError }).error
  return answer as Exclude<Shown, { readonly type: 'pending' | 'failed' }>
}

const isPending = (answer: Settling): answer is Pending => answer.type === 'pending'
