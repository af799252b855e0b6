/**
 * Gives keys to members that lack them before anybody writes again (spec Q15): somebody was let in by one who did not
 * know of a new key, a device joined an account, somebody left.
 *
 *     something is due ─▶ the more senior, the sooner; by one device of a person ─still due▶ share
 *
 * @module
 */
import type { Clock } from '@effigy/sync'
import type { KnownGroup } from './known-groups.ts'

/** Until the most senior member does it, ms: more may come together with what was heard. */
const firstMs = 1_000

/** Between two members: the next one has seen by then what the one before wrote. */
const betweenMs = 5_000

/** Members above that all wait equally long. */
const maxPlace = 12

export interface ShareAgain extends Disposable {
  /** The group is as it is now. */
  look(known: KnownGroup): void
}

export interface ShareAgainPorts {
  readonly clock: Clock
  /** Whether a member lacks a key that it may have, or nobody has one that is fit. */
  readonly isDue: (known: KnownGroup) => boolean
  readonly again: (id: string) => KnownGroup | null
  readonly share: (id: string) => void
  /** Does the work; what fails is told and ends there. */
  readonly guarded: (id: string, work: () => void) => void
}

export function createShareAgain({ clock, isDue, again, share, guarded }: ShareAgainPorts): ShareAgain {
  const timers = new Map<string, Disposable>()
  /** The state in which each group was shared last: what that did not settle is not tried again. */
  const tried = new Map<string, string>()

  function mayShare(known: KnownGroup | null): known is KnownGroup {
    return (
      known?.group.now?.members.has(known.me) === true &&
      tried.get(known.id) !== stateOf(known) &&
      isDue(known)
    )
  }

  return {
    look(known) {
      const { id, me, group } = known
      if (timers.has(id) || !mayShare(known)) return
      const place = [...(group.now?.members.keys() ?? [])].indexOf(me)
      const afterMs = firstMs + Math.min(place, maxPlace) * betweenMs
      const timer = clock.after(afterMs, () => {
        timers.delete(id)
        guarded(id, () => {
          const now = again(id)
          if (!mayShare(now)) return
          tried.set(id, stateOf(now))
          share(id)
        })
      })
      timers.set(id, timer)
    },
    [Symbol.dispose]() {
      for (const timer of timers.values()) timer[Symbol.dispose]()
      timers.clear()
    },
  }
}

function stateOf({ group, keys, operationKeys }: KnownGroup): string {
  const spread = [...keys.keys, ...operationKeys.keys].map(({ hash, prints }) => `${hash}${prints.size}`)
  return [...group.heads.map(({ content }) => content), ...spread].join()
}
