/**
 * Shows an invite to the hub that it names, in a session of its own (spec W3).
 *
 *     session ─join ‖ invite▶ joined, or the hub's reason
 *
 * @module
 */
import { EffigyError, err, type Result } from '@effigy/core'
import { defaultServiceLimits } from '../limits.ts'
import { createCallClient } from '../services/client.ts'
import type { ServiceRefusal } from '../services/service.ts'
import type { Session } from '../session.ts'

/** Owns the session. Rejects with the signal's reason alone. */
export async function joinHub(
  session: Session,
  invite: Uint8Array,
  signal: AbortSignal,
): Promise<Result<null, ServiceRefusal>> {
  using client = createCallClient({
    send(message, bytes) {
      try {
        session.send(message, bytes)
      } catch (error) {
        // It has ended, which `hear` tells.
        if (!(error instanceof EffigyError && error.code === 'closed')) throw error
      }
    },
    limits: defaultServiceLimits,
  })
  const hearing = hear()
  try {
    const told = await client.join(invite, signal)
    if (told.ok || told.error.code !== 'cut') return told
    // It went before it answered: by a reason of its own, maybe.
    return err({ code: (await session.closed).code, retryMs: null })
  } finally {
    await session.end('done')
    await hearing
  }

  async function hear(): Promise<void> {
    for await (const { message, bytes } of session.receive()) client.take(message, bytes)
    client[Symbol.dispose]()
  }
}
