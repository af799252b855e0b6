/**
 * Asks those who are connected about feeds until something is known, they have given all they have, or it takes too long.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'

export interface LookPorts {
  readonly store: Pick<Store, 'watch'>
  readonly clock: Pick<Clock, 'after'>
  /** Asks about what is watched now. */
  readonly refresh: (identities: readonly Identity[]) => void
  /** Resolves when everybody who is connected has given all that they have. */
  readonly settled: (signal: AbortSignal) => Promise<unknown>
  readonly signal: AbortSignal
}

/** Whoever has not answered by then is not waited for, ms. */
const patienceMs = 15_000

/** Rejects with the signal's reason alone. */
export async function lookUntil(
  isKnown: () => boolean,
  identities: readonly Identity[],
  { store, clock, refresh, settled, signal }: LookPorts,
): Promise<void> {
  if (isKnown()) return
  const over = new AbortController()
  const end = (): void => over.abort()
  using _timer = clock.after(patienceMs, end)
  using _watch = store.watch(() => {
    if (isKnown()) end()
  })
  refresh(identities)
  try {
    await settled(AbortSignal.any([signal, over.signal]))
  } catch (reason) {
    signal.throwIfAborted()
    if (!over.signal.aborted) throw reason
  }
}
