/**
 * Feeds for tests and vectors: right in every rule but the signatures, which are random.
 *
 * @module
 */
import {
  assembleEntry,
  type Entry,
  type Identity,
  identityOfKey,
  type Link,
  rawCid,
  type Sha256,
  type SignedEntry,
  utf8,
} from '@effigy/core'
import type { ServedEntry } from '@effigy/store'
import type { Random } from '@effigy/testkit'

export interface EntryPlan {
  /** The payload text, inline or detached. */
  readonly text: string
  readonly detached?: boolean
  /** Whether the body is here to be sent along; true when omitted. */
  readonly withBody?: boolean
  readonly links?: readonly Link[]
  readonly synod?: Entry['synod']
  /** Over the comparable below, from 1. */
  readonly step?: number
}

export function fixtureIdentity(random: Random): Identity {
  return identityOfKey(random.bytes(32))
}

/** A chain over `below`, oldest first; the first entry's comparable is its step. */
export function fixtureChain(
  random: Random,
  sha256: Sha256,
  identity: Identity,
  plans: readonly EntryPlan[],
  below: SignedEntry | null = null,
): ServedEntry[] {
  const chain: ServedEntry[] = []
  let last = below?.entry ?? null
  let parent = below?.cid ?? null
  for (const { text, detached = false, withBody = true, links = [], synod = null, step = 1 } of plans) {
    const body = utf8(text)
    const content = rawCid(body, sha256)
    const entry: Entry = {
      identity,
      parent,
      length: (last?.length ?? 0) + 1,
      comparable: (last?.comparable ?? 0) + step,
      synod,
      links: detached ? [[content, body.length], ...links] : links,
      payload: detached ? content : text,
    }
    const signed = assembleEntry(entry, random.bytes(64), sha256)
    chain.push({ entry: signed, body: detached && withBody ? body : null })
    last = entry
    parent = signed.cid
  }
  return chain
}

/** Entries as people write them: notes, half of them detached, some with pictures, a step of seconds. */
export function notePlans(random: Random, count: number): EntryPlan[] {
  return Array.from({ length: count }, (_, index) => ({
    text: JSON.stringify({
      type: 'public_note',
      at: 1_800_000_000_000 + index,
      text: `note ${index} “${'wörd '.repeat(random.integer(40))}”`,
    }),
    detached: random.chance(0.5),
    step: 1 + random.integer(60_000),
  }))
}
