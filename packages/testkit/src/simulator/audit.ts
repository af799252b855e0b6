/**
 * What is asked of a run at its end, and at each restart: nothing acknowledged is lost, nothing forged is held,
 * forks are known to whoever could see them.
 *
 * @module
 */
import { type Cid, compareHeads, type Head, type Identity, type RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Participant } from './converged.ts'
import type { Ledger } from './ledger.ts'

export interface AuditPorts {
  readonly ledger: Ledger
  /** Honest machines that are on. */
  readonly honest: () => readonly Participant[]
  readonly violate: (invariant: string, who: string, what: string) => void
}

/** Whom an author is connected to. */
export interface Asked {
  readonly honest: readonly Participant[]
  /** Nobody whom one asks, not even one that lies. */
  readonly isNobody: boolean
}

export interface Audit {
  /** Its own machine has this head on disk: so it signed it. False when that was known. */
  signed(head: Head): boolean
  /** A head of an honest feed at somebody honest. */
  heard(peer: string, author: string, head: Head): void
  /** A machine came up again with its own disk. */
  restarted(author: Participant): void
  /** A disk is about to be set back to what it was at `copiedMs`. */
  setBack(author: string, identity: Identity, copiedMs: number): void
  /** The author's disk was set back, and nobody has an entry any more that its newest head, or what hangs below that, names. */
  isLost(author: Participant): boolean
  /** A fork that the author could not help: what it had written was with people whom it could not ask, or with liars. */
  isExcused(author: string): boolean
  /** The author wrote again, over the head `before`; at the first time after its disk was set back that is judged. */
  wrote(author: Participant, before: Head | null, asked: () => Asked): void
  /** At the end. */
  conclude(people: readonly Participant[]): void
}

export function createAudit({ ledger, honest, violate }: AuditPorts): Audit {
  const signed = new Map<Identity, Map<string, Head>>()
  /** Entries that at least two others had when the disk was set back. */
  const kept = new Set<RawCid>()
  const wasSetBack = new Set<string>()
  const isToResume = new Set<string>()
  const excused = new Set<string>()

  const holders = (identity: Identity, content: RawCid): number =>
    honest().filter(({ store }) => store.resolve(identity, content)?.content === content).length

  function isShown(store: Store, identity: Identity, content: RawCid): boolean {
    const item = store.resolve(identity, content)
    return item !== null && item.content === content && item.state.type !== 'erased'
  }

  function ask(author: Participant, isFinal: boolean): void {
    for (const { content, state, type, atMs } of ledger.entries(author.name).values()) {
      if (state !== 'standing' || isShown(author.store, author.identity, content)) continue
      if (wasSetBack.has(author.name)) {
        // Whoever still has it must have given it back by the end.
        if (!isFinal || excused.has(author.name) || isLost(author)) continue
        if (!kept.has(content) && holders(author.identity, content) === 0) continue
      }
      violate(
        'no acknowledged entry is lost',
        author.name,
        `${type} ${content.slice(-8)} of ${(atMs / 1000).toFixed(1)} s is gone`,
      )
    }
  }

  function isLost(author: Participant): boolean {
    if (!wasSetBack.has(author.name)) return false
    const head = author.store.feed(author.identity)?.record?.head.head
    const lacking = author.store.need(author.identity)?.from
    const isGone = (cid: RawCid): boolean => honest().every(({ store }) => store.entry(cid) === null)
    return [head, lacking].some((cid) => cid !== undefined && isGone(cid))
  }

  return {
    signed(head) {
      const heads = signed.get(head.identity) ?? new Map<string, Head>()
      const name = `${head.epoch} ${head.head}`
      const isNew = !heads.has(name)
      signed.set(head.identity, heads.set(name, head))
      return isNew
    },
    heard(peer, author, head) {
      const own = signed.get(head.identity)?.get(`${head.epoch} ${head.head}`)
      if (own === undefined || compareHeads(own, head) !== 0) {
        violate('no forged head is taken', peer, `${author} ${head.epoch}/${head.length} was never signed`)
      }
    },
    restarted: (author) => ask(author, false),
    setBack(author, identity, copiedMs) {
      wasSetBack.add(author)
      isToResume.add(author)
      for (const { content, state, atMs } of ledger.entries(author).values()) {
        if (state === 'standing' && atMs > copiedMs && holders(identity, content) > 2) kept.add(content)
      }
    },
    isLost,
    isExcused: (author) => excused.has(author),
    wrote(author, before, asked) {
      if (!isToResume.delete(author.name)) return
      const { identity, store, name } = author
      const heads = [...(signed.get(identity)?.values() ?? [])]
      const unseen = heads.filter(
        (head) => store.entry(head.head) === null && (before === null || compareHeads(head, before) > 0),
      )
      if (unseen.length === 0) return
      const { honest: connected, isNobody } = asked()
      const knowing = connected.find((other) => {
        const head = other.store.feed(identity)?.record?.head.head
        return unseen.some((one) => one.head === head)
      })
      if (!isNobody && knowing === undefined) excused.add(name)
      else
        violate(
          'an honest restore never forks',
          name,
          `wrote ${knowing === undefined ? 'and asked nobody' : `although ${knowing.name} knew newer entries`}`,
        )
    },
    conclude(people) {
      for (const author of people) ask(author, true)
    },
  }
}

/** Whether somebody who holds either side of a fork does not know of it; null when everybody does. */
export function unknownFork(identity: Identity, people: readonly Participant[]): string | null {
  const states = people.map((person) => ({ person, state: person.store.feed(identity) }))
  const watching = states.filter(({ state }) => state?.watched === true && state.heldCount > 0)
  const isForked = watching.some(
    ({ person, state }) => state?.disputedAbove !== null || person.store.forkEvidence(identity).length > 0,
  )
  if (!isForked) return null
  const unaware = watching.find(({ state }) => state?.disputedAbove === null)
  return unaware === undefined ? null : `${unaware.person.name} does not know that it is forked`
}

/** Damaged blocks and entries at one machine. */
export async function damageOf(store: Store): Promise<readonly Cid[]> {
  const found = await store.check({ signal: new AbortController().signal })
  return found.map(({ cid }) => cid)
}
