/**
 * What this device gave up as lost of its own feed, asked for wherever somebody may still have it (spec F14).
 *
 *     given-up head ─getfeed▶ feed {base} ─▶ batch … newest first ─▶ each signature checked ─▶ rescued
 *
 * The head is of an earlier epoch, so the other side holds these entries as hidden ones, for some time, and gives
 * them to their author alone.
 *
 * @module
 */
import {
  cidDigest,
  entryCheck,
  type Identity,
  type RawCid,
  type Sha256,
  type SignedEntry,
} from '@effigy/core'
import type { Unseal } from '@effigy/store'
import type { Asked } from './asked.ts'
import type { Effects } from './effects.ts'
import {
  createFetch,
  fetchBytes,
  fetchRequest,
  letGo,
  rebuildArrived,
  takeBatch,
  takeStart,
} from './feed-fetch.ts'

/** A chain that was given up: from its head down to what is held. */
export interface FormerWant {
  readonly epoch: number
  readonly length: number
  readonly head: RawCid
  /** What is held of it, at the least; null: maybe nothing. */
  readonly base: { readonly length: number; readonly cid: RawCid } | null
}

export interface FormerOptions {
  readonly self: Identity
  readonly wanted: () => readonly FormerWant[]
  /**
   * The entries of it that came, oldest first, without a gap from its head downwards; `isWhole`: all of them. Their
   * signatures are checked.
   */
  readonly rescued: (
    want: FormerWant,
    entries: readonly SignedEntry[],
    bodies: ReadonlyMap<RawCid, Uint8Array>,
    isWhole: boolean,
  ) => void
}

export interface FormerPorts {
  readonly former: FormerOptions
  readonly unseal: Unseal
  readonly sha256: Sha256
  readonly asked: Asked
  readonly effects: Pick<Effects, 'send' | 'verify' | 'after' | 'end'>
}

/** Ms after the beginning: the other side has told by then which heads of ours it knows. */
const firstMs = 2_000

/** Ms between two rounds: what was lost is not expected back. */
const everyMs = 300_000

const windowBytes: number = 1024 * 1024

/** What one round takes of one chain; the rest comes with the next. */
const maxBytes: number = 16 * 1024 * 1024

const prefixBytes = 8

export function createFormerClient(ports: FormerPorts): Disposable {
  return new FormerClient(ports)
}

/** A class, because each session has one. */
class FormerClient implements Disposable {
  readonly #ports: FormerPorts
  #timer: Disposable

  constructor(ports: FormerPorts) {
    this.#ports = ports
    this.#timer = ports.effects.after(firstMs, () => this.#round())
  }

  #round(): void {
    const { former, effects } = this.#ports
    this.#timer = effects.after(everyMs, () => this.#round())
    this.#ask([...former.wanted()].sort((a, b) => a.length - b.length))
  }

  /** The lower ones first: what they bring need not come again with the higher. */
  #ask(wants: readonly FormerWant[]): void {
    const [listed, ...left] = wants
    if (listed === undefined) return
    const want = this.#ports.former.wanted().find(({ head }) => head === listed.head)
    if (want === undefined) this.#ask(left)
    else this.#fetchOne(want, () => this.#ask(left))
  }

  #fetchOne(want: FormerWant, done: () => void): void {
    const { former, sha256, unseal, asked, effects } = this.#ports
    const { base } = want
    const prefixes = base === null ? new Uint8Array(0) : cidDigest(base.cid).subarray(0, prefixBytes)
    const need = {
      identity: former.self,
      from: want.head,
      fromLength: want.length,
      locator: { length: base?.length ?? 0, prefixes },
      limit: null,
      since: null,
      epoch: want.epoch,
      rewinds: false,
    }
    const fetch = createFetch(need, windowBytes, false, 0)
    const entries: SignedEntry[] = []
    const bodies = new Map<RawCid, Uint8Array>()
    let size = 0
    const id = asked.open(fetchRequest(fetch), fetchBytes(fetch), (answer, bytes) => {
      if (answer.type === 'feed') {
        if (!takeStart(fetch, answer)) effects.end('bad-message')
        return
      }
      if (answer.type !== 'batch') {
        asked.cancel(id)
        this.#check(want, entries, bodies, done)
        return
      }
      const arrived = takeBatch(fetch, answer, bytes)
      if (arrived.ok && arrived.value !== null) {
        letGo(arrived.value)
        const rebuilt = rebuildArrived(arrived.value, { sha256, unseal, oldEntry: () => null, chunks: null })
        if (!rebuilt.ok && rebuilt.error.code === 'sealed') {
          // Under a key that this device has no more: nobody's fault.
          asked.cancel(id)
          this.#check(want, entries, bodies, done)
          return
        }
        if (!rebuilt.ok) {
          effects.end('bad-batch')
          return
        }
        const { run, bytes: came } = rebuilt.value
        entries.unshift(...run.entries)
        for (const [content, body] of run.bodies) bodies.set(content, body)
        size += came
        fetch.window += came
        if (!answer.end && size < maxBytes) effects.send({ type: 'credit', id, bytes: came })
      } else if (!arrived.ok) {
        effects.end('bad-batch')
        return
      }
      if (!answer.end && size < maxBytes) return
      if (!answer.end) asked.cancel(id)
      this.#check(want, entries, bodies, done)
    })
  }

  /** What hangs from a head that was given up is ours only if we signed it. */
  #check(
    want: FormerWant,
    came: readonly SignedEntry[],
    bodies: ReadonlyMap<RawCid, Uint8Array>,
    done: () => void,
  ): void {
    const { former, effects } = this.#ports
    const at = want.base === null ? -1 : came.findIndex(({ cid }) => cid === want.base?.cid)
    const above = came.slice(at + 1)
    if (above.length === 0) {
      done()
      return
    }
    effects.verify(above.map(entryCheck), (verdicts) => {
      const valid = above.slice(verdicts.lastIndexOf(false) + 1)
      const [lowest] = valid
      if (lowest !== undefined) {
        const isWhole = lowest.entry.parent === null || lowest.entry.parent === want.base?.cid
        former.rescued(want, valid, bodies, isWhole)
      }
      done()
    })
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
  }
}
