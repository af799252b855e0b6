/**
 * After a restore: what this device published since the copy comes back from others, and counts again at once.
 *
 *     own entries from others ─▶ follows watched ─whole again▶ private ones opened, ended follows not watched
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock } from '@effigy/sync'

export interface RecoveryPorts {
  readonly store: Store
  readonly identity: Identity
  readonly clock: Clock
  /** Opens what this device encrypted to itself. */
  readonly open: () => Promise<void>
  /** Writes anew what a later epoch of this device knows nothing of (F13). */
  readonly rescue: () => Promise<void>
  /** Watches who is followed now. */
  readonly follow: () => void
  /** What is watched has changed. */
  readonly onChange: () => void
}

export interface Recovery extends Disposable {
  changed(change: StoreChange): void
}

/** Ms after a change: entries come in batches, and count once their signatures are checked. */
const settleMs = 300

export function watchRecovery(ports: RecoveryPorts): Recovery {
  const { store, identity, clock, open, rescue, follow, onChange } = ports
  let followed: readonly Identity[] = store.relations(identity, 'follow')
  let timer: Disposable | null = null
  let isOver = false

  function isWhole(): boolean {
    const { record, runs } = store.feed(identity) ?? { record: null, runs: [] }
    return record !== null && runs.length === 1 && runs[0]?.first === 1 && runs[0].last === record.head.length
  }

  async function catchUp(): Promise<void> {
    const isKnown = isWhole()
    if (isKnown) {
      await open()
      if (isOver) return
      await rescue()
      if (isOver) return
    }
    const after = store.relations(identity, 'follow')
    const met = after.filter((other) => !followed.includes(other))
    // What is missing may say that one follows them again, and it may never come (F14): who is met is watched meanwhile.
    const missed = followed.filter((other) => !after.includes(other))
    const left = isKnown ? missed : []
    followed = isKnown ? after : [...after, ...missed]
    // Watching is a change itself.
    if (left.length + met.length === 0) return
    for (const other of left) store.watchFeed(other, null)
    follow()
    onChange()
  }

  return {
    changed({ feeds }) {
      if (timer !== null || isOver || !feeds.has(identity)) return
      timer = clock.after(settleMs, () => {
        timer = null
        // A store that fails here fails whoever writes next, too, and is told there.
        catchUp().catch(() => {})
      })
    },
    [Symbol.dispose]() {
      isOver = true
      timer?.[Symbol.dispose]()
    },
  }
}
