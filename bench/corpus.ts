/**
 * Feeds to measure with: seeded, signed, of about 600 bytes an entry, half of the notes detached.
 *
 * @module
 */
import {
  chainPoint,
  type Entry,
  encodeBase64url,
  type HeadRecord,
  type Identity,
  identityOfKey,
  type RawCid,
  rawCid,
  type SignedEntry,
  type Signer,
  signEntry,
  signHead,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { createRandom } from '@effigy/testkit'

export interface CorpusFeed {
  readonly identity: Identity
  readonly signer: Signer
  readonly entries: readonly SignedEntry[]
  readonly bodies: ReadonlyMap<RawCid, Uint8Array>
  readonly record: HeadRecord
}

export interface CorpusOptions {
  readonly authors: number
  readonly entriesEach: number
  readonly seed: string
}

/** The first entry's clock; entries of all authors are interleaved a second apart. */
const startMs = 1_700_000_000_000

/** As many different words as a person uses in a year of notes. */
const vocabulary = 5_000

const syllables = 'ba ce di fo gu ka le mi no pu ra se ti vo zu an er il on us'.split(' ')

/** Made-up words of two to four syllables, common ones short. */
const words = Array.from({ length: vocabulary }, (_, rank) => {
  const parts = [rank % 20, Math.floor(rank / 20) % 20, Math.floor(rank / 400) % 20]
  return (
    parts
      .slice(0, rank < 400 ? 2 : 3)
      .map((part) => syllables[part])
      .join('') + (rank < 20 ? '' : 's')
  )
})

export async function makeCorpus(crypto: Crypto, options: CorpusOptions): Promise<readonly CorpusFeed[]> {
  const feeds: CorpusFeed[] = []
  for (let index = 0; index < options.authors; index++) feeds.push(await makeFeed(crypto, options, index))
  return feeds
}

async function makeFeed(crypto: Crypto, options: CorpusOptions, index: number): Promise<CorpusFeed> {
  const random = createRandom(`${options.seed}/${index}`)
  const signer = await crypto.signer(random.bytes(32))
  const identity = identityOfKey(signer.publicKey)
  const entries: SignedEntry[] = []
  const bodies = new Map<RawCid, Uint8Array>()
  let bytes = 0
  for (let at = 0; at < options.entriesEach; at++) {
    const below = entries.at(-1)
    const comparable = startMs + (at * options.authors + index) * 1000
    const detached = at % 2 === 1
    // A detached entry carries a CID and a link in place of the text: with their bodies both kinds come to about 650 bytes.
    const text = Array.from({ length: detached ? 12 : 44 }, () => words[rankOf(random)]).join(' ')
    const note = { type: 'public_note', at: comparable, text }
    const payloadText = writeStrictJson(
      detached ? { ...note, salt: encodeBase64url(random.bytes(16)) } : note,
    )
    const body = utf8(payloadText)
    const content = rawCid(body, crypto.sha256)
    if (detached) bodies.set(content, body)
    const entry: Entry = {
      identity,
      parent: below?.cid ?? null,
      length: at + 1,
      comparable,
      synod: null,
      links: detached ? [[content, body.length]] : [],
      payload: detached ? content : payloadText,
    }
    const signed = await signEntry(entry, signer, crypto.sha256)
    bytes += signed.bytes.length
    entries.push(signed)
  }
  const point = chainPoint(entries.at(-1) as SignedEntry)
  const head = {
    identity,
    epoch: 1,
    length: point.length,
    comparable: point.comparable,
    bytes,
    head: point.cid,
  }
  return { identity, signer, entries, bodies, record: await signHead(head, signer) }
}

/** Zipf's law, roughly: the commonest words make most of a text. */
function rankOf(random: ReturnType<typeof createRandom>): number {
  return Math.floor(vocabulary ** (random.integer(1_000_000) / 1_000_000)) - 1
}
