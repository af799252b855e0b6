/**
 * What became different about accounts, told as it happens (spec Y14).
 *
 *     verdict before, verdict now ─accountChanges▶ own account: kept until it was told │ followed ones: to who listens
 *
 * The last verdict about the own account that was told stands in the store, so that nothing is missed by a stop
 * between the state that came and the person who reads of it.
 *
 * @module
 */
import {
  type AccountChange,
  type Authority,
  accountChanges,
  type Identity,
  type Root,
  type Standing,
} from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { createPulse } from '../live.ts'
import type { AccountNews } from './account.ts'
import type { OwnAccount } from './own-account.ts'

export interface NewsDesk {
  /** For each commit. */
  changed(change: StoreChange): void
  listen(signal: AbortSignal): AsyncIterable<AccountNews>
}

export interface NewsDeps {
  readonly store: Pick<Store, 'synods' | 'setting' | 'saveSetting' | 'saveSettings'>
  readonly own: OwnAccount
  readonly clock: Pick<Clock, 'now'>
  /** Whether somebody of that account is followed. */
  readonly isFollowed: (root: Root) => boolean
}

/** Y14: which devices somebody has is their own business, and shown beside what these write. */
const forFollowers: ReadonlySet<AccountChange['type']> = new Set(['moved', 'disputed', 'settled'])

/** News that wait for a listener; the oldest go first. */
const maxKept = 256

/** Followed accounts whose last verdict is remembered; beyond it the longest unchanged is forgotten. */
const maxRemembered = 4_096

const toldKey = 'account-told'
const waitingKey = 'account-news'

/** What `accountChanges` asks of a verdict. */
type Told = Pick<Authority, 'moves' | 'disputed' | 'current' | 'standings'>

export function createNewsDesk({ store, own, clock, isFollowed }: NewsDeps): NewsDesk {
  const pulse = createPulse()
  const followed = new Map<Root, Told>()
  /** Of the own account, until a listener came back for the next: who was killed with one in hand is told again. */
  const waiting: AccountNews[] = readWaiting(store.setting(waitingKey))
  const listeners = new Set<AccountNews[]>()

  function tell(root: Root, changes: readonly AccountChange[], isOwn: boolean): void {
    const news = changes.map((change): AccountNews => ({ root, own: isOwn, change, at: clock.now() }))
    if (news.length === 0) return
    for (const queue of listeners) queue.push(...news.slice(-maxKept))
    for (const queue of listeners) queue.splice(0, queue.length - maxKept)
    if (isOwn) waiting.push(...news)
    waiting.splice(0, waiting.length - maxKept)
    pulse.fire()
  }

  function taken(news: AccountNews): void {
    const at = waiting.indexOf(news)
    if (at < 0) return
    waiting.splice(at, 1)
    store.saveSetting(waitingKey, writeWaiting(waiting))
  }

  function lookAtOwn(root: Root): void {
    const now = store.synods?.account(root) ?? null
    if (now === null) return
    const before = readTold(store.setting(toldKey), root)
    const text = writeTold(root, now)
    if (text === store.setting(toldKey)) return
    // The first that is known of it is how it is, and no change.
    if (before !== null) tell(root, accountChanges(asAuthority(before, now), now), true)
    // Both or neither: a crash between them would lose the news, or tell them twice.
    store.saveSettings([
      [waitingKey, writeWaiting(waiting)],
      [toldKey, text],
    ])
  }

  function lookAt(root: Root): void {
    const now = store.synods?.account(root) ?? null
    if (now === null || !isFollowed(root)) return
    const before = followed.get(root)
    followed.delete(root)
    followed.set(root, now)
    const [oldest] = followed.keys()
    if (followed.size > maxRemembered && oldest !== undefined) followed.delete(oldest)
    if (before === undefined) return
    const changes = accountChanges(asAuthority(before, now), now)
    tell(
      root,
      changes.filter(({ type }) => forFollowers.has(type)),
      false,
    )
  }

  function begin(): void {
    const ownRoot = own.root()
    if (ownRoot !== null) lookAtOwn(ownRoot)
    for (const root of store.synods?.roots() ?? []) {
      const verdict = root === ownRoot || !isFollowed(root) ? null : store.synods?.account(root)
      if (verdict != null) followed.set(root, verdict)
    }
  }
  begin()

  return {
    changed({ synods }) {
      if (synods === undefined) return
      const ownRoot = own.root()
      for (const root of synods) {
        if (root === ownRoot) lookAtOwn(root)
        else lookAt(root)
      }
    },
    async *listen(signal) {
      // What others are being told is theirs.
      const queue = listeners.size === 0 ? [...waiting] : []
      listeners.add(queue)
      try {
        for (;;) {
          const seen = pulse.count
          for (let [next] = queue; next !== undefined; [next] = queue) {
            yield next
            if (signal.aborted) return
            if (queue[0] === next) queue.shift()
            taken(next)
          }
          if (signal.aborted) return
          await pulse.after(seen, signal)
        }
      } finally {
        // What it did not take is for the next one.
        listeners.delete(queue)
      }
    },
  }
}

interface Kept {
  readonly root: Root
  readonly moves: Authority['moves']
  readonly disputed: boolean
  readonly main: Identity | null
  readonly standings: readonly (readonly [Identity, Standing])[]
}

function writeTold(root: Root, { moves, disputed, current, standings }: Authority): string {
  const main = current?.state.identities[0]?.[0] ?? null
  const kept: Kept = { root, moves, disputed, main, standings: [...standings] }
  return JSON.stringify(kept)
}

/** What we wrote ourselves; null: of another account, or nothing yet. */
function readTold(text: string | null, root: Root): Kept | null {
  const kept = text === null ? null : (JSON.parse(text) as Kept)
  return kept?.root === root ? kept : null
}

function writeWaiting(waiting: readonly AccountNews[]): string | null {
  return waiting.length === 0 ? null : JSON.stringify(waiting)
}

function readWaiting(text: string | null): AccountNews[] {
  return text === null ? [] : (JSON.parse(text) as AccountNews[])
}

function asAuthority(before: Kept | Told, now: Authority): Authority {
  if (!('main' in before)) return { ...now, ...before }
  const { moves, disputed, main, standings } = before
  const current = now.current === null || main === null ? null : withMain(now.current, main)
  return { ...now, moves, disputed, current, standings: new Map(standings) }
}

/** A state of which nothing but the main device is looked at. */
function withMain(state: NonNullable<Authority['current']>, main: Identity): Authority['current'] {
  const first = state.state.identities.find(([identity]) => identity === main)
  const member = first ?? ([main, '', '', 1, ''] as const)
  return { ...state, state: { ...state.state, identities: [member] } }
}
