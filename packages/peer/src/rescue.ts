/**
 * What a restored device wrote before it knew what it had written already (spec F13).
 *
 *     restored at 5 ─▶ writes 6, 7 of epoch 1 ─▶ hears of its own epoch 2, without them ─▶ 6 and 7 are appended to that
 *
 * Within one epoch that would be a fork, which a person heals; another epoch outranks it without a word.
 *
 * @module
 */
import {
  type ChainPoint,
  contentId,
  EffigyError,
  type Head,
  type HeadRecord,
  type Identity,
  type RawCid,
  type Sha256,
  type SignedEntry,
} from '@effigy/core'
import type { Store } from '@effigy/store'

type Settings = Pick<Store, 'setting' | 'saveSetting'>

/** From where on entries were written without knowing the newest state. */
interface Doubtful {
  /** Of the chain that they are on. */
  readonly epoch: number
  /** The highest entry below them; null: the beginning. */
  readonly below: RawCid | null
  readonly length: number
  /** Entries with a lesser one, or this, were there before. */
  readonly comparable: number
  /** Somebody has shown since that nothing is missing. */
  readonly isConfirmed: boolean
}

const doubtfulKey = 'written-anyway'

/** What is written from now on may be written over a state that is not the newest. */
export function noteWritingAnyway(
  store: Settings & Pick<Store, 'feed'>,
  identity: Identity,
  isConfirmed: boolean,
): void {
  const head = store.feed(identity)?.record?.head
  save(store, {
    epoch: head?.epoch ?? 1,
    below: head?.head ?? null,
    length: head?.length ?? 0,
    comparable: head?.comparable ?? 0,
    isConfirmed,
  })
}

/** One's own rebase took entries out on purpose: these are not to come back. */
export function noteOwnRebase(store: Settings, base: ChainPoint | null, { head }: HeadRecord): void {
  const doubtful = read(store)
  if (doubtful === null) return
  save(store, { ...doubtful, epoch: head.epoch, below: base?.cid ?? null, length: base?.length ?? 0 })
}

/** Entries of this device that a later epoch, written by it elsewhere, knows nothing of; oldest first. */
export function overruled(
  store: Settings & Pick<Store, 'feed' | 'formerAt' | 'resolve'>,
  identity: Identity,
  sha256: Sha256,
): readonly SignedEntry[] {
  const doubtful = read(store)
  const state = store.feed(identity)
  const record = state?.record ?? null
  if (doubtful === null || record === null || state === null || state.disputedAbove !== null) return []
  const [run] = state.runs
  const isWhole = state.runs.length === 1 && run?.first === 1 && run.last === record.head.length
  if (record.head.epoch <= doubtful.epoch || !isWhole) return []
  const lost: SignedEntry[] = []
  let { below, length } = doubtful
  for (;;) {
    const signed = store.formerAt(identity, ++length)
    if (signed === null || signed.entry.parent !== below) return lost
    below = signed.cid
    if (signed.entry.comparable <= doubtful.comparable) continue
    if (store.resolve(identity, contentId(signed.entry.payload, sha256)) === null) lost.push(signed)
  }
}

/** Codes of what cannot stand in the feed as it is now: it keeps none of the others out. */
const unfit: ReadonlySet<string> = new Set(['not-sealable', 'entry-too-large'])

export const isUnfit = (cause: unknown): cause is EffigyError =>
  cause instanceof EffigyError && unfit.has(cause.code)

/** What was overruled stands above `head` now. */
export function noteRescued(store: Settings, { epoch, head, length }: Head): void {
  const doubtful = read(store)
  if (doubtful !== null) save(store, { ...doubtful, epoch, below: head, length })
}

/**
 * Whether the state that a rebase would rewrite may lack entries: under the next epoch, they would be lost to
 * everybody. `isShownWhole`: others have shown now that it does not.
 */
export function mayLackEntries(store: Settings, isShownWhole: () => boolean): boolean {
  const doubtful = read(store)
  if (doubtful === null || doubtful.isConfirmed) return false
  if (!isShownWhole()) return true
  save(store, { ...doubtful, isConfirmed: true })
  return false
}

/** Whether anything was ever written without knowing the newest state. */
export const isDoubtful = (store: Pick<Store, 'setting'>): boolean => store.setting(doubtfulKey) !== null

function read(store: Settings): Doubtful | null {
  const text = store.setting(doubtfulKey)
  // Nobody but `save` writes it.
  return text === null ? null : (JSON.parse(text) as Doubtful)
}

function save(store: Settings, doubtful: Doubtful): void {
  store.saveSetting(doubtfulKey, JSON.stringify(doubtful))
}
