/**
 * Tells whoever asks for the key of an account that moved away which key is in power now (spec Y19).
 *
 *     watch, getheads, a set agreed on ─ a key of them was moved away from ─▶ heads {of the key in power}, unasked
 *     a move comes ────────────────────┘
 *
 * So followers come along by themselves, however long they were away. Each is told once a session.
 *
 * @module
 */
import type { HeadRecord, Identity, Standing } from '@effigy/core'
import type { Store } from '@effigy/store'
import { writeHeads } from '../messages-bytes.ts'
import { hasIdentity } from '../reconcile/key-set.ts'
import type { Effects, Outgoing, Producer } from './effects.ts'
import type { Sharing } from './sharing.ts'

export interface SuccessorSourcePorts {
  readonly store: Pick<Store, 'synods' | 'headRecords'>
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'wake'>
  /** Whether the other side asked to hear of that feed. */
  watches(identity: Identity): boolean
  /** Calls `changed` for that feed from now on. */
  hear(identity: Identity): void
}

export interface SuccessorSource extends Producer {
  /** The other side asks about these. */
  asked(identities: Iterable<Identity>): void
  /** It watches this sorted set from now on. */
  adopted(keys: Uint8Array): void
  /** The store changed. */
  changed(identities: Iterable<Identity>): void
}

/** Records a frame: it goes beside what was asked for. */
const maxTold = 64

const nobody: ReadonlySet<Identity> = new Set()

/** Keys of one line (Y3). */
const maxSteps = 17

export function createSuccessorSource({
  store,
  sharing,
  effects,
  watches,
  hear,
}: SuccessorSourcePorts): SuccessorSource {
  const { synods } = store
  const told = new Set<Identity>()
  const headless = new Set<Identity>()
  const due: Identity[] = []

  /** Null: it was not moved away from, as far as is known. */
  function successorOf(key: Identity): Identity | null {
    let to: Identity | null = null
    for (let step = 0; step < maxSteps; step++) {
      const standing: Standing | undefined = synods?.standing(to ?? key)
      if (standing?.type !== 'moved') return to
      to = standing.to
    }
    return to
  }

  function look(key: Identity): void {
    const to = successorOf(key)
    if (to === null || told.has(to) || !sharing.feed(key) || !sharing.feed(to)) return
    told.add(to)
    if (store.headRecords([to]).length > 0) tell(to)
    else {
      // Its state came alone: its head may come yet.
      headless.add(to)
      hear(to)
    }
  }

  function tell(key: Identity): void {
    due.push(key)
    effects.wake()
  }

  return {
    asked(identities) {
      const moved = synods?.moved() ?? nobody
      if (moved.size > 0) for (const identity of identities) if (moved.has(identity)) look(identity)
    },
    adopted(keys) {
      for (const key of synods?.moved() ?? nobody) if (hasIdentity(keys, key)) look(key)
    },
    changed(identities) {
      const moved = synods?.moved() ?? nobody
      if (moved.size === 0) return
      for (const key of headless) {
        if (store.headRecords([key]).length > 0 && headless.delete(key)) tell(key)
      }
      for (const identity of identities) if (moved.has(identity) && watches(identity)) look(identity)
    },
    pull(): Outgoing | null {
      while (due.length > 0) {
        const records: readonly HeadRecord[] = store.headRecords(due.splice(0, maxTold))
        if (records.length === 0) continue
        return { message: { type: 'heads', count: records.length, online: 0 }, bytes: writeHeads(records) }
      }
      return null
    },
  }
}
