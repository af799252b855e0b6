/**
 * Meeting one's own devices, and those whom one follows, in the network that this machine is in (`sync --lan`, spec U).
 *
 *     listen ─port▶ mDNS ─▶ found by them, and finding them ─▶ sessions
 *
 * @module
 */
import { type NodePeer, openLanPeer } from '@effigy/peer/node'
import { silentLog } from '@effigy/sync'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { listen } from './listen.ts'
import { say } from './messages/index.ts'

export interface Near extends AsyncDisposable {
  /**
   * Resolves when whoever is there has had time to answer. Throws the signal's reason, and `lan-nobody` when nobody is
   * met, no hub either.
   */
  looked(signal: AbortSignal, options: { readonly mayBeAlone: boolean }): Promise<void>
}

/** Ms: a question and its answer take a second, a session another. */
const lookMs = 3_000

/** Announces this device and looks for others until disposed. Throws `cannot-listen`, `lan-unavailable`. */
export async function openNear({ io, config, output }: Context, peer: NodePeer): Promise<Near> {
  const { clock } = io
  const sinceMs = clock.monotonic()
  await using undo = new AsyncDisposableStack()
  const { port } = undo.use(
    await listen({ host: null, port: 0 }, { clock, onLink: (link) => void peer.accept(link) }),
  )
  undo.use(
    await openLanPeer({
      identity: peer.identity,
      port,
      peer,
      also: () => config.hubs.flatMap(({ identity }) => identity ?? []),
      clock,
      log: silentLog,
    }),
  )
  const owned = undo.move()
  return {
    async looked(signal, { mayBeAlone }) {
      output.progress(say.lookingNear, { done: 0, total: 0 })
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      using _timer = clock.after(Math.max(0, sinceMs + lookMs - clock.monotonic()), resolve)
      const abort = (): void => reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      try {
        await promise
      } finally {
        signal.removeEventListener('abort', abort)
        output.clear()
      }
      if (!mayBeAlone && peer.status().sessions.length === 0) throw failure('lan-nobody')
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
