/**
 * Devices that joined a followed account within the last day, as seen from here: their feeds are fetched shallow, and
 * marked. What an account has when it is met for the first time is not new.
 *
 *     verdict ─a member that was not there▶ since = now ─a day▶ like any other
 *
 * @module
 */
import { type Authority, type Identity, parseIdentity, type Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'

export interface Newcomers {
  /** Looks for members that were not there the last time. */
  meet(authority: Authority): void
  isNew(identity: Identity): boolean
  /** Ms until the next of them is new no more; null: there are none. */
  nextMs(): number | null
}

export const newcomerMs: number = 24 * 60 * 60 * 1000

/** Of all followed accounts together; beyond it the oldest counts as known. */
const maxNewcomers = 1_000

const newKey = 'account-new'
const metKey = (root: Root): string => `account-met/${root}`

export function createNewcomers(
  store: Pick<Store, 'setting' | 'saveSetting' | 'saveSettings'>,
  clock: Pick<Clock, 'now'>,
): Newcomers {
  const since = new Map<Identity, number>(readSince(store.setting(newKey)))
  const met = new Map<Root, ReadonlySet<string>>()

  /** A clock that went back makes nobody new for longer than a day. */
  const leftMs = (at: number): number => Math.min(newcomerMs, at + newcomerMs - clock.now())

  function metOf(root: Root): ReadonlySet<string> | null {
    const known = met.get(root)
    if (known !== undefined) return known
    const text = store.setting(metKey(root))
    return text === null ? null : new Set(text.split(' '))
  }

  function prune(): void {
    for (const [identity, at] of since) if (leftMs(at) <= 0) since.delete(identity)
    for (const identity of [...since.keys()].slice(0, Math.max(0, since.size - maxNewcomers))) {
      since.delete(identity)
    }
  }

  return {
    meet({ root, standings }) {
      const members = [...standings].flatMap(([identity, { type }]) => (type === 'member' ? [identity] : []))
      const before = metOf(root)
      const fresh = members.filter((identity) => before?.has(identity) !== true)
      if (before !== null && fresh.length === 0) return
      // A thief adds devices too: who was there once is never new again.
      const everybody = new Set([...(before ?? []), ...members])
      met.set(root, everybody)
      if (before !== null) for (const identity of fresh) since.set(identity, clock.now())
      prune()
      store.saveSettings([
        [metKey(root), [...everybody].slice(-maxMet).join(' ')],
        [newKey, JSON.stringify([...since])],
      ])
    },
    isNew(identity) {
      const at = since.get(identity)
      return at !== undefined && leftMs(at) > 0
    },
    nextMs() {
      prune()
      let next: number | null = null
      for (const at of since.values()) {
        const left = Math.max(0, leftMs(at))
        next = next === null ? left : Math.min(next, left)
      }
      return next
    },
  }
}

/** Of one account: what it had and has. */
const maxMet = 128

/** What we wrote ourselves. */
function readSince(text: string | null): readonly [Identity, number][] {
  if (text === null) return []
  return (JSON.parse(text) as [string, number][]).flatMap(([name, at]) => {
    const identity = parseIdentity(name)
    return identity === null ? [] : [[identity, at]]
  })
}
