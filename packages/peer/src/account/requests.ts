/**
 * What other devices ask of the main one, until a person there has said yes or no.
 *
 *     ask ─▶ listed ─grant▶ done, then answered       ─deny▶ refused       ─asker gone▶ off the list
 *
 * @module
 */
import { EffigyError, err, type Result } from '@effigy/core'
import { createPulse, liveAnswers } from '../live.ts'
import type { AccountRequest } from './account.ts'

export interface Requests {
  /**
   * Lists it until it is decided, and does `work` once it is granted. Err 'denied', 'busy' (too many wait), or the code
   * with which `work` failed. Rejects with the reason of the signal; what is granted by then is still done.
   */
  ask<Value>(
    request: Omit<AccountRequest, 'id'>,
    work: () => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Result<Value, { readonly code: string }>>
  /** Throws `EffigyError` 'no-request', and what the work throws. */
  grant(id: number): Promise<void>
  /** Throws `EffigyError` 'no-request'. */
  deny(id: number): void
  live(signal: AbortSignal): AsyncIterable<readonly AccountRequest[]>
}

interface Waiting {
  readonly request: AccountRequest
  readonly grant: () => Promise<void>
  readonly refuse: (code: string) => void
}

/** At once; own devices alone can ask. */
const maxWaiting = 32

/** Through one device, which may be a stolen one: the others are still heard. */
const maxOfOne = 4

export function createRequests(): Requests {
  const pulse = createPulse()
  const waiting = new Map<number, Waiting>()
  let last = 0

  function take(id: number): Waiting {
    const found = waiting.get(id)
    if (found === undefined) {
      throw new EffigyError(
        'no-request',
        'This was taken back, answered, or cut off. Ask for it again on that device.',
      )
    }
    waiting.delete(id)
    pulse.fire()
    return found
  }

  return {
    async ask(asked, work, signal) {
      signal.throwIfAborted()
      // Asked again: what was asked before is not waited for any more.
      for (const [id, { request, refuse }] of waiting) {
        const isSame = request.identity === asked.identity && request.via === asked.via
        if (request.type !== asked.type || !isSame) continue
        waiting.delete(id)
        refuse('asked-again')
      }
      const ofOne = [...waiting.values()].filter(({ request }) => request.via === asked.via)
      if (waiting.size >= maxWaiting || ofOne.length >= maxOfOne) return err({ code: 'busy' })
      type Answer = Awaited<ReturnType<typeof work>>
      const decided = Promise.withResolvers<Result<Answer, { readonly code: string }>>()
      const id = ++last
      const leave = (): void => {
        if (waiting.delete(id)) pulse.fire()
        decided.reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.set(id, {
        request: { ...asked, id },
        refuse: (code) => decided.resolve(err({ code })),
        async grant() {
          try {
            decided.resolve({ ok: true, value: (await work()) as Answer })
          } catch (cause) {
            decided.resolve(err({ code: cause instanceof EffigyError ? cause.code : 'internal' }))
            throw cause
          }
        },
      })
      pulse.fire()
      try {
        return await decided.promise
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
    grant: async (id) => take(id).grant(),
    deny: (id) => take(id).refuse('denied'),
    live: (signal) =>
      liveAnswers(() => Array.from(waiting.values(), ({ request }) => request), pulse, signal),
  }
}
