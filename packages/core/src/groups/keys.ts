/**
 * Keys of a group: which count, who has them, and under which the next message is written (spec Q12 to Q16).
 *
 *     hand-outs ─giver was a member, as they knew the group▶ keys with their holders
 *        keys ─nobody holds it who shall not read▶ the greatest (generation, hash) │ none: a new generation is due
 *
 * @module
 */
import { encodeBase64url } from '../base.ts'
import { compareIdentities, type Identity } from '../names.ts'
import type { ContentName } from '../payloads/base-fields.ts'
import { maxGeneration } from '../payloads/limits.ts'
import type { Sha256 } from '../ports.ts'
import { type GroupState, knownKey, type OpenGroup } from './group.ts'
import { maxListed, type Person, type PersonOf } from './operation.ts'

/** A `read_key` of kind `content` (P16) as it stands in somebody's feed. */
export interface HandOut {
  /** The device that wrote it. */
  readonly giver: Identity
  /** Of its entry: which of a giver's are the newest. */
  readonly comparable: number
  readonly generation: number
  /** 32 bytes, base64url. */
  readonly key: string
  readonly former: readonly (readonly [generation: number, key: string])[]
  readonly knows: readonly ContentName[]
  /** Prints of the box keys that this text was sealed to (`readerPrint`). */
  readonly prints: readonly string[]
}

/** A key as it is known to be spread. */
export interface GroupKey {
  readonly generation: number
  readonly key: string
  /** SHA-256 of the key, base64url: of two keys of one generation the greater one is written under. */
  readonly hash: string
  /** Who was a member by what its givers knew. */
  readonly persons: ReadonlySet<Person>
  /** Of these who were there when it was given to write under, or came to history: their new devices may get it. */
  readonly meant: ReadonlySet<Person>
  /** Whoever gave it to write under knew a group with history: newcomers may get it. */
  readonly isLasting: boolean
  /** Somebody handed it out to write under; else it is known as a former one alone, and who gave it once may have taken that back. */
  readonly isGiven: boolean
  /** Prints of the box keys that have it. */
  readonly prints: ReadonlySet<string>
}

export interface GroupKeys {
  /** The greatest (generation, hash) first. */
  readonly keys: readonly GroupKey[]
  /** Hand-outs that are not judged: their operations are not here yet, nobody let their giver in, or too many newer ones of theirs are. */
  readonly waiting: number
  /** Hand-outs by who was no member by what they knew. */
  readonly refused: readonly HandOut[]
}

/** The box keys of one person, by their prints. */
export interface PersonPrints {
  /** Of the devices that read now, and the recovery key. */
  readonly now: readonly string[]
  /** Of those that did once. */
  readonly gone: readonly string[]
}

/** Null where nothing is known of a person's devices. */
export type ReaderPrints = (person: Person) => PersonPrints | null

const printBytes = 8

/** What the different `knows` of one giver that are judged may cost, the newest: as much as the largest group 64 times. */
export const maxCostOfGiver: number = 64 * maxListed

/** A box key (X25519, 32 bytes) in few letters: tells those who have the text who else has it. */
export function readerPrint(box: Uint8Array, sha256: Sha256): string {
  return encodeBase64url(sha256(box).slice(0, printBytes))
}

/**
 * The keys that count. A key counts from whoever was a member by what they knew, and from nobody else (T28).
 */
export function groupKeys(
  { at, people }: Pick<OpenGroup, 'at' | 'people'>,
  handOuts: readonly HandOut[],
  personOf: PersonOf,
  hashOf: (key: string) => string,
  maxCost: number = maxCostOfGiver,
): GroupKeys {
  const counted: (readonly [HandOut, GroupState])[] = []
  const refused: HandOut[] = []
  const judged = new Map<Person, { readonly names: Set<string>; cost: number }>()
  let waiting = 0
  for (const handOut of handOuts.toSorted(compareAges)) {
    const { giver, knows } = handOut
    const person = personOf({ identity: giver, root: null })
    const mine = judged.get(person) ?? { names: new Set(), cost: 0 }
    const name = knownKey(knows)
    const isJudged = people.has(person) && (mine.cost < maxCost || mine.names.has(name))
    const state = isJudged ? at(knows) : null
    if (state === null) {
      waiting++
      continue
    }
    if (!mine.names.has(name)) mine.cost += state.size
    mine.names.add(name)
    judged.set(person, mine)
    if (!state.members.has(person)) {
      refused.push(handOut)
      continue
    }
    counted.push([handOut, state])
  }
  const spread = new Map<string, SpreadKey>()
  const held = (generation: number, key: string, [{ prints }, { members }]: (typeof counted)[number]) => {
    const name = `${generation} ${key}`
    const none = { persons: new Set<Person>(), meant: new Set<Person>(), prints: new Set<string>() }
    const one = spread.get(name) ?? {
      ...{ generation, key, hash: hashOf(key), isLasting: true, isGiven: false },
      ...none,
    }
    spread.set(name, one)
    for (const person of members.keys()) one.persons.add(person)
    for (const print of prints) one.prints.add(print)
    return one
  }
  for (const each of counted) {
    const [{ generation, key }, { members, settings }] = each
    const one = held(generation, key, each)
    one.isGiven = true
    one.isLasting &&= settings.history
    for (const person of members.keys()) one.meant.add(person)
  }
  for (const each of counted) {
    const [{ former }, { members, settings }] = each
    for (const [generation, key] of former) {
      const one = held(generation, key, each)
      // Of who gave it first nothing is known: those who passed it on tell what it is worth.
      if (!one.isGiven) one.isLasting &&= settings.history
      else if (settings.history && one.isLasting) for (const person of members.keys()) one.meant.add(person)
    }
  }
  return { keys: [...spread.values()].sort((a, b) => compareKeys(b, a)), waiting, refused }
}

/** The newest first. */
function compareAges(a: HandOut, b: HandOut): number {
  return b.comparable - a.comparable || compareIdentities(a.giver, b.giver)
}

interface SpreadKey extends GroupKey {
  readonly persons: Set<Person>
  readonly meant: Set<Person>
  readonly prints: Set<string>
  isLasting: boolean
  isGiven: boolean
}

function compareKeys(a: GroupKey, b: GroupKey): number {
  return a.generation - b.generation || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0)
}

/**
 * Whether what is written under this key now is read by the members alone: it was given for that, none that holds it went, no device of
 * theirs was revoked, and, without history, nobody came for whom older messages are not meant. `isForAll`: newcomers
 * may have it whatever `history` says (Q11).
 */
export function isFit(
  key: GroupKey,
  { members, settings }: GroupState,
  readers: ReaderPrints,
  isForAll = false,
): boolean {
  if (!key.isGiven) return false
  const mayGrow = isForAll || (settings.history && key.isLasting)
  for (const person of key.persons) if (!members.has(person)) return false
  const reading = new Set<string>()
  const gone: string[] = []
  let isAllKnown = true
  for (const person of members.keys()) {
    if (!mayGrow && !key.meant.has(person)) return false
    const prints = readers(person)
    if (prints === null) isAllKnown = false
    else {
      gone.push(...prints.gone)
      for (const print of prints.now) reading.add(print)
    }
  }
  // What somebody lists and revokes may be the key of a member who reads.
  if (gone.some((print) => key.prints.has(print) && !reading.has(print))) return false
  // While a member's devices are not known, any print may be theirs.
  if (isAllKnown) for (const print of key.prints) if (!reading.has(print)) return false
  return true
}

/** The key to write under; null: a new one, of the next generation, is handed out first. */
export function keyToWrite(
  keys: readonly GroupKey[],
  state: GroupState,
  readers: ReaderPrints,
  isForAll?: boolean,
): GroupKey | null {
  return keys.find((key) => isFit(key, state, readers, isForAll)) ?? null
}

/** The generation of a new key. At the end of numbers it stays: only fit keys are compared. */
export function nextGeneration(keys: readonly GroupKey[]): number {
  return Math.min(maxGeneration, (keys[0]?.generation ?? 0) + 1)
}

/** The members that cannot read under a key yet: newcomers, and whose devices were not known. */
export function withoutKey(key: GroupKey, { members }: GroupState, readers: ReaderPrints): readonly Person[] {
  return [...members.keys()].filter(
    (person) => readers(person)?.now.some((print) => !key.prints.has(print)) === true,
  )
}
