/**
 * The line of an account's keys, and which states stand on it (spec Y3, Y4, Y5).
 *
 *     key 0 ─move▶ key 1 ─move▶ key 2                 of two moves of one key: the lesser SHA-256
 *       │            │            └ states: the newest counts, all below it by their parents
 *       │            └ states: down from the final of the move away
 *       └ …
 *
 * @module
 */
import { nextOf } from '../account/keys.ts'
import { encodeBase64url, parseBase64url } from '../base.ts'
import { compareBytes } from '../bytes.ts'
import { compareCids, type Identity, type RawCid } from '../names.ts'
import { maxSynodMoves } from '../payloads/limits.ts'
import type { Move } from '../payloads/schemas/synod.ts'
import type { Sha256 } from '../ports.ts'
import { moveHash, moveText, type ProvenState } from './evidence.ts'

/**
 * Whether a state was one of this account's. `undecided`: not yet told from one of another branch, because
 * states between are not here, or because the feed is disputed from below it on.
 */
export type StateVerdict = 'counted' | 'undecided' | 'refused'

export interface Line {
  /** From key 0 to the one in power. */
  readonly keys: readonly Identity[]
  /** `moves[n]` leads from `keys[n]` to `keys[n + 1]`. */
  readonly moves: readonly Move[]
}

/** What is known of the key in power. */
export interface PowerVerdict {
  readonly current: ProvenState | null
  /** Of a disputed feed: every state that is here above the common beginning; else none. */
  readonly contested: readonly ProvenState[]
}

/** The line of keys that all proven states and moves of one root make; they are at least one state. */
export function followMoves(
  states: readonly [ProvenState, ...ProvenState[]],
  loose: Iterable<Move>,
  sha256: Sha256,
): Line {
  const [{ identity, state }] = states
  const [first] = state.moves
  // Every proven state of a root says the same of key 0: the root is a hash over it.
  const key0 = first?.from ?? identity
  const next0 = first === undefined ? state.next : committed(first, sha256)
  const candidates = candidatesByKey(
    [...states.flatMap(({ state: { moves } }) => moves), ...loose],
    state.root,
  )
  const keys = [key0]
  const moves: Move[] = []
  for (let next = next0; moves.length < maxSynodMoves; ) {
    const from = keys.at(-1) as Identity
    const open = (candidates.get(from) ?? []).filter(
      ({ move }) => !keys.includes(move.to) && committed(move, sha256) === next,
    )
    const move = leastMove(open, sha256)
    if (move === null) break
    moves.push(move)
    keys.push(move.to)
    next = move.next
  }
  return { keys, moves }
}

/** Y4: those of a key on the line, under epoch 1, that say exactly the moves which led to that key. Each once. */
export function statesOnLine({ keys, moves }: Line, states: readonly ProvenState[]): readonly ProvenState[] {
  const texts = moves.map(moveText)
  const byCid = new Map<RawCid, ProvenState>()
  for (const proven of states) {
    const index = keys.indexOf(proven.identity)
    const said = proven.state.moves
    if (proven.epoch !== 1 || index < 0 || said.length !== index) continue
    if (said.every((move, at) => moveText(move) === texts[at])) byCid.set(proven.cid, proven)
  }
  return [...byCid.values()].sort(
    (a, b) =>
      keys.indexOf(a.identity) - keys.indexOf(b.identity) || a.length - b.length || compareCids(a.cid, b.cid),
  )
}

/** Y5: the newest state of the key in power; where its feed is disputed, the newest that all branches share. */
export function judgePower(states: readonly ProvenState[]): PowerVerdict {
  const from = disputedFrom(states)
  return {
    current: states.findLast(({ length }) => length < from) ?? null,
    contested: states.filter(({ length }) => length >= from),
  }
}

/** Y8: each state on the line, and whether it is reached by parents from where its key ended or stands. */
export function judgeStates(
  { keys, moves }: Line,
  onLine: readonly ProvenState[],
  current: ProvenState | null,
): ReadonlyMap<RawCid, StateVerdict> {
  const verdicts = new Map<RawCid, StateVerdict>()
  for (const [index, key] of keys.entries()) {
    const states = onLine.filter(({ identity }) => identity === key)
    const away = moves[index]
    const end = away === undefined ? current : endOf(away)
    const { reached, unknownBelow } = descend(states, end)
    for (const { cid, length } of states) {
      // Above the end: what a thief wrote on, or branches of a dispute that no move has settled yet.
      const isAbove = length > (end?.length ?? 0)
      const isOpen = isAbove ? away === undefined : length < unknownBelow
      verdicts.set(cid, reached.has(cid) ? 'counted' : isOpen ? 'undecided' : 'refused')
    }
  }
  return verdicts
}

interface Candidate {
  readonly text: string
  readonly move: Move
}

/** Moves by the key they leave, one a signed text: who has the keys can sign a text in many ways. */
function candidatesByKey(moves: readonly Move[], root: string): Map<Identity, Candidate[]> {
  const byText = new Map<string, Move>()
  for (const move of moves) {
    if (move.root !== root) continue
    const text = moveText(move)
    const known = byText.get(text)
    if (known === undefined || proofText(move) < proofText(known)) byText.set(text, move)
  }
  return Map.groupBy(
    [...byText].map(([text, move]) => ({ text, move })),
    ({ move }) => move.from,
  )
}

/** Y3: of several moves of one key that whose signed bytes have the lesser SHA-256. */
function leastMove(candidates: readonly Candidate[], sha256: Sha256): Move | null {
  let least: { readonly move: Move; readonly hash: Uint8Array } | null = null
  for (const { text, move } of candidates) {
    const hash = moveHash(text, sha256)
    if (least === null || compareBytes(hash, least.hash) < 0) least = { move, hash }
  }
  return least?.move ?? null
}

function proofText({ key, signature, consent }: Move): string {
  return key + signature + consent
}

/** What the move key was committed to as: D5, base64url. */
function committed({ key }: Move, sha256: Sha256): string {
  return encodeBase64url(nextOf(parseBase64url(key) ?? new Uint8Array(0), sha256))
}

/** The least length at which two entries are known; above every length when the states agree. */
function disputedFrom(states: readonly ProvenState[]): number {
  const known = new Map<number, RawCid>()
  let from = Number.POSITIVE_INFINITY
  const note = (length: number, cid: RawCid) => {
    if ((known.get(length) ?? cid) !== cid) from = Math.min(from, length)
    known.set(length, cid)
  }
  for (const { length, cid, parent } of states) {
    note(length, cid)
    if (parent !== null) note(length - 1, parent)
  }
  return from
}

interface End {
  readonly length: number
  readonly cid: RawCid
}

/** Where a key ended that was moved away from; null: nothing of it counts. A synod's feed knows no epoch but 1. */
function endOf({ final }: Move): End | null {
  return final === null || final[0] !== 1 ? null : { length: final[1], cid: final[2] }
}

/** Down from `end` by parents as far as the states are here; what lies below that is not known. */
function descend(states: readonly ProvenState[], end: End | null) {
  const byCid = new Map(states.map((proven) => [proven.cid, proven]))
  const reached = new Set<RawCid>()
  let length = end?.length ?? 0
  let cid: RawCid | null = end?.cid ?? null
  while (cid !== null) {
    const proven = byCid.get(cid)
    if (proven?.length !== length) break
    reached.add(cid)
    cid = proven.parent
    length--
  }
  return { reached, unknownBelow: length }
}
