/**
 * A first sync as a page sees it: how long until all is here, and whether the page answers meanwhile.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { PagePeer } from '@effigy/peer'

export interface SyncOrder {
  readonly address: string
  readonly source: Identity
  readonly identities: readonly Identity[]
}

export interface Synced {
  /** Until everything that the source has is here. */
  readonly seconds: number
  /** Until signatures are checked and search knows it too. */
  readonly settledSeconds: number
  /** Tasks of the page's main thread over 50 ms, ms each. */
  readonly longTasks: readonly number[]
}

const patienceMs = 600_000

export async function syncAll(app: PagePeer, { address, source, identities }: SyncOrder): Promise<Synced> {
  const signal = AbortSignal.timeout(patienceMs)
  for await (const { type } of app.states(signal)) {
    if (type === 'new') await app.device.create()
    if (type === 'open' || type === 'failed') break
  }
  const peer = await app.ready(signal)
  for (const identity of identities) {
    await peer.watch(identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
  }
  const longTasks: number[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration)
  })
  observer.observe({ type: 'longtask' })
  const started = performance.now()
  await peer.connect(address, { expect: source })
  for await (const { sessions, behind } of peer.statuses(signal)) {
    if (behind.feeds === 0 && sessions.some(({ upToDate }) => upToDate)) break
  }
  const seconds = (performance.now() - started) / 1000
  await peer.settled(signal)
  const settledSeconds = (performance.now() - started) / 1000
  observer.disconnect()
  return { seconds, settledSeconds, longTasks }
}
