/**
 * Asks the other side which of the wanted blobs it has (spec R7).
 *
 *     ask(wants) ─▶ iwant (CIDs, or MACs) ─▶ ihave, now and when more arrives ─▶ onOffer(roots)
 *
 * A question stays open until nothing of it is wanted any more.
 *
 * @module
 */
import { type Cid, concatBytes, type Identity } from '@effigy/core'
import type { BlobWant } from '@effigy/store'
import { maxListedIds } from '../limits.ts'
import type { IHave } from '../messages.ts'
import { readCids, readKeyedNames, writeCids } from '../messages-bytes.ts'
import type { Asked } from './asked.ts'
import type { Effects } from './effects.ts'

export interface BlobQuestionsPorts {
  readonly asked: Asked
  readonly effects: Pick<Effects, 'after' | 'end'>
  /** Whether what we want for that feed may be named to the other side; else only as a MAC (R7). */
  readonly mayName: (identity: Identity) => boolean
  readonly keyedName: (cid: Cid) => Uint8Array
  /** The other side has them. */
  readonly onOffer: (roots: readonly Cid[]) => void
  /** All is to be asked anew. */
  readonly onForgotten: () => void
  /** It had no room for the question, and may have in so many ms. */
  readonly onBusy: (retryMs: number) => void
}

export interface BlobQuestions {
  /** Asks for what is not asked for yet; what is not among `wants` is asked for no longer. */
  ask(wants: readonly BlobWant[]): void
  /** It is here, or nobody wants it any more. */
  forget(root: Cid): void
  /** Asks all anew, at once or some seconds after the last time: a few bytes of the other side make us send many. */
  askAnew(): void
  /** Whether the other side has it. */
  isOffered(root: Cid): boolean
  /** Whether any is. */
  readonly hasOffers: boolean
  readonly areAnswered: boolean
}

/** Open `iwant`s, before they are asked anew in larger lists. */
const maxQuestions = 64

/** Between two times that all is asked anew, ms. */
const anewMs = 5_000

/** An open `iwant`. */
interface Question {
  id: number
  readonly left: Set<Cid>
  isAnswered: boolean
}

export function createBlobQuestions(ports: BlobQuestionsPorts): BlobQuestions {
  const { asked, effects, mayName, keyedName, onOffer, onForgotten, onBusy } = ports
  /** By number, and by the roots that they name. */
  const questions = new Map<number, Question>()
  const named = new Map<Cid, Question>()
  const offered = new Set<Cid>()
  let resting: Disposable | null = null
  let isDue = false

  function open(roots: readonly Cid[], keyed: boolean): void {
    const names = keyed ? roots.map(keyedName) : null
    const bytes = names === null ? writeCids(roots) : concatBytes(...names)
    const question: Question = { id: 0, left: new Set(roots), isAnswered: false }
    question.id = asked.open({ type: 'iwant', count: roots.length, keyed }, bytes, (answer, answerBytes) => {
      question.isAnswered = true
      if (answer.type === 'ihave') {
        offer(answer, answerBytes, roots, names)
      } else if (answer.type === 'error') {
        for (const root of [...question.left]) forget(root)
        // Not refused for good: too many at once, here or there.
        if (answer.retry !== null) onBusy(answer.retry)
      } else {
        effects.end('bad-message')
      }
    })
    questions.set(question.id, question)
    for (const root of roots) named.set(root, question)
  }

  function forget(root: Cid): void {
    const question = named.get(root)
    if (question === undefined) return
    named.delete(root)
    offered.delete(root)
    question.left.delete(root)
    if (question.left.size > 0) return
    questions.delete(question.id)
    asked.cancel(question.id)
  }

  function forgetAll(): void {
    for (const root of [...named.keys()]) forget(root)
  }

  function askAnew(): void {
    if (resting !== null) {
      isDue = true
      return
    }
    resting = effects.after(anewMs, () => {
      resting = null
      if (isDue) askAnew()
    })
    isDue = false
    forgetAll()
    onForgotten()
  }

  function offer(
    { sizes }: IHave,
    bytes: Uint8Array,
    roots: readonly Cid[],
    names: readonly Uint8Array[] | null,
  ): void {
    const told = names === null ? readCids(bytes) : namedRoots(bytes, roots, names)
    if (told === null || told.length !== sizes.length) {
      effects.end('bad-message')
      return
    }
    const asked = new Set(roots)
    for (const root of told) if (asked.has(root)) offered.add(root)
    onOffer(told)
  }

  return {
    ask(wants) {
      const roots = new Set(wants.map(({ root }) => root))
      for (const root of [...named.keys()]) if (!roots.has(root)) forget(root)
      // Many small questions become few large ones.
      if (questions.size > maxQuestions) forgetAll()
      const fresh = wants.filter(({ root }) => !named.has(root))
      for (const keyed of [false, true]) {
        const part = fresh.filter(({ identity }) => mayName(identity) !== keyed).map(({ root }) => root)
        for (let at = 0; at < part.length; at += maxListedIds) open(part.slice(at, at + maxListedIds), keyed)
      }
    },
    forget,
    askAnew,
    isOffered: (root) => offered.has(root),
    get hasOffers() {
      return offered.size > 0
    },
    get areAnswered() {
      return [...questions.values()].every(({ isAnswered }) => isAnswered)
    },
  }
}

/** The roots whose MACs are in `bytes`; null when one is none of ours. */
function namedRoots(
  bytes: Uint8Array,
  roots: readonly Cid[],
  names: readonly Uint8Array[],
): readonly Cid[] | null {
  const told = readKeyedNames(bytes)
  if (told === null) return null
  const byName = new Map(names.map((name, index) => [String.fromCharCode(...name), roots[index] as Cid]))
  const found = told.map((name) => byName.get(String.fromCharCode(...name)))
  return found.every((cid) => cid !== undefined) ? found : null
}
