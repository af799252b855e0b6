/**
 * Letters: in which the author of a private feed hands out its key (spec X24). The key cannot stand in the
 * feed that it opens, so it stands beside it, and whoever keeps the head may carry the letter too.
 *
 *     {from, epoch, at, texts} ⏎ signature of `from`      texts ─age▶ read_key {kind: feed}, for those it names
 *
 * @module
 */
import { utf8 } from '../bytes.ts'
import { maxEpoch } from '../head-record.ts'
import { type Identity, identityKey } from '../names.ts'
import type { SignatureCheck, Signer } from '../ports.ts'
import type { Result } from '../result.ts'
import { recordMessage, sign, writeRecord } from '../signing.ts'
import { type Json, writeStrictJson } from '../strict-json.ts'
import {
  countOf,
  decodeServiceRecord,
  identityOf,
  type ServiceRecordFault,
  type Signed,
  wholeOf,
} from './read-record.ts'

export interface FeedLetter {
  /** Whose feed it is. */
  readonly from: Identity
  /** From which on the key is used. Of two letters the later epoch counts, then the later `at`. */
  readonly epoch: number
  /** The author's clock, ms; greater than that of the letter before. */
  readonly at: number
  /** `age:` texts, each for up to 64 keys; 1 to `maxLetterTexts`. */
  readonly texts: readonly string[]
}

export const maxFeedLetterBytes: number = 48 * 1024

/** For 256 devices and recovery keys. */
export const maxLetterTexts = 4

const jsonOf = ({ from, epoch, at, texts }: FeedLetter) => ({ v: 1, from, epoch, at, texts: [...texts] })

/** JSON ⏎ signature; throws a RangeError when it is too large. */
export async function signFeedLetter(letter: FeedLetter, signer: Signer): Promise<Uint8Array> {
  const bytes = writeRecord(writeStrictJson(jsonOf(letter)), await sign('feedkey', jsonOf(letter), signer))
  if (bytes.length > maxFeedLetterBytes)
    throw new RangeError(`a letter has at most ${maxFeedLetterBytes} bytes`)
  return bytes
}

/** Judges the form alone; whether the signature is right says `feedLetterCheck`. */
export function decodeFeedLetter(bytes: Uint8Array): Result<Signed<FeedLetter>, ServiceRecordFault> {
  return decodeServiceRecord<FeedLetter>(bytes, maxFeedLetterBytes, {
    from: identityOf,
    epoch: epochOf,
    at: wholeOf,
    texts: textsOf,
  })
}

/** What has to be verified before a decoded letter counts. */
export function feedLetterCheck({ claim, signature }: Signed<FeedLetter>): SignatureCheck {
  const message = recordMessage('feedkey', writeRecord(writeStrictJson(jsonOf(claim)), signature))
  return { publicKey: identityKey(claim.from), message, signature }
}

function epochOf(value: Json): number | null {
  const epoch = countOf(value)
  return epoch !== null && epoch <= maxEpoch ? epoch : null
}

function textsOf(value: Json): readonly string[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxLetterTexts) return null
  const texts: string[] = []
  for (const text of value as readonly Json[]) {
    if (typeof text !== 'string' || !text.startsWith('age:') || utf8(text).length !== text.length) return null
    texts.push(text)
  }
  return texts
}
