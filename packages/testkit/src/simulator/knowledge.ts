/**
 * Who knew what when: the highest head of each feed at each peer, watched after every commit.
 *
 *     store.watch ─▶ (peer, feed, head, held up to) ─ lower than before? ─▶ violation
 *
 * @module
 */
import { compareHeads, type Head, type Identity } from '@effigy/core'
import type { Store } from '@effigy/store'

/** One step of one peer's copy of one feed. */
export interface Step {
  /** Of the run, ms. */
  readonly atMs: number
  readonly peer: string
  readonly feed: Identity
  readonly epoch: number
  /** Held without a gap from the head downwards to here at least; 0: only the head is known. */
  readonly length: number
  readonly hasEntries: boolean
}

export interface KnowledgePorts {
  readonly nowMs: () => number
  readonly onStep: (step: Step, head: Head, before: Head | null) => void
  /** The highest head has fallen. */
  readonly onFall: (peer: string, feed: Identity, before: Head, after: Head | null) => void
}

export interface Knowledge {
  /** A store was opened: what it holds is compared with what must have survived, then each commit is watched. */
  watch(peer: string, store: Store): void
  /** Everything that this peer's store has committed is on its disk. */
  synced(peer: string): void
  /** The disk of this peer is what it was at the last sync, or later. */
  lostPower(peer: string): void
  /** The heads that this peer knows, for a backup. */
  heads(peer: string): ReadonlyMap<Identity, Head>
  /** The disk was set back to a backup. */
  setBack(peer: string, heads: ReadonlyMap<Identity, Head>): void
  readonly steps: readonly Step[]
}

export function createKnowledge({ nowMs, onStep, onFall }: KnowledgePorts): Knowledge {
  const known = new Map<string, Map<Identity, Head>>()
  const durable = new Map<string, ReadonlyMap<Identity, Head>>()
  const held = new Map<string, string>()
  const steps: Step[] = []

  function of(peer: string): Map<Identity, Head> {
    const heads = known.get(peer) ?? new Map<Identity, Head>()
    known.set(peer, heads)
    return heads
  }

  function look(peer: string, store: Store, feed: Identity): void {
    const heads = of(peer)
    const before = heads.get(feed) ?? null
    const state = store.feed(feed)
    const head = state?.record?.head ?? null
    if (before !== null && (head === null || compareHeads(head, before) < 0)) onFall(peer, feed, before, head)
    if (head === null) return
    heads.set(feed, head)
    const top = state?.runs.at(-1)
    const hasEntries = top !== undefined && top.last === head.length && state?.disputedAbove === null
    const key = `${head.epoch} ${head.head} ${hasEntries}`
    const name = `${peer} ${feed}`
    if (held.get(name) === key) return
    held.set(name, key)
    const step = { atMs: nowMs(), peer, feed, epoch: head.epoch, length: head.length, hasEntries }
    steps.push(step)
    onStep(step, head, before)
  }

  return {
    watch(peer, store) {
      for (const feed of of(peer).keys()) look(peer, store, feed)
      store.watch(({ feeds }) => {
        for (const feed of feeds) look(peer, store, feed)
      })
    },
    synced: (peer) => void durable.set(peer, new Map(of(peer))),
    lostPower: (peer) => void known.set(peer, new Map(durable.get(peer) ?? [])),
    heads: (peer) => new Map(of(peer)),
    setBack(peer, heads) {
      known.set(peer, new Map(heads))
      durable.set(peer, heads)
    },
    steps,
  }
}
