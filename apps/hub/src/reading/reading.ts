/**
 * What everybody may read, for who has no account: a public note with what proves who wrote it, by its link (spec W30 to W34).
 *
 *     /.well-known/effigy/note?of=&content=        ─▶ entries as they were signed: the note, answers, who wrote them
 *     /.well-known/effigy/file?of=&content=&file=  ─▶ bytes that one of these shows
 *
 * The hub decides nothing here that who reads cannot check: entries carry their signatures, files are named by their hash.
 *
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type Cid,
  encodeBase64url,
  type Identity,
  parseCid,
  parseIdentity,
  parseRawCid,
  payloadBlobs,
  type RawCid,
} from '@effigy/core'
import { addressKey } from '@effigy/links/node'
import { maxSmallBody } from '@effigy/peer'
import { type Item, readFile, type Store } from '@effigy/store'
import { type Clock, createPaces } from '@effigy/sync'
import { type Answer, json } from '../http/answer.ts'
import type { Asked } from '../http/asked.ts'
import { answerMs } from '../http/unsent.ts'
import { noteTypes, publicEntry } from './public-entry.ts'

export const notePath = '/.well-known/effigy/note'
export const filePath = '/.well-known/effigy/file'

export interface ReadingPorts {
  readonly store: Store
  /** Of nobody whom the operator turned away. */
  readonly isBlocked: (identity: Identity) => boolean
  /** Memory or descriptors run short: those who have an account come first. */
  readonly isShort: () => boolean
  readonly clock: Pick<Clock, 'monotonic'>
}

/** Null: neither of the two was asked for. */
export type AnswerReading = (asked: Pick<Asked, 'target' | 'address'>) => Promise<Answer> | null

/** Signed bytes and, where the text stands beside its entry, that text; base64url. */
interface ReadEntry {
  readonly entry: string
  readonly body: string | null
}

/** Answers that come with a note. */
const maxAnswers = 30

/** Statements by which these are looked for below a comment: some milliseconds, whatever names they had. */
const maxLookUps = 256

/** Bytes of all texts of one answer; the note itself may be as large as a note may be. */
const maxAnswerBytes: number = 384 * 1024

/** Bytes of a file; larger ones are for those who have an account. */
const maxFileBytes: number = 4 * 1024 * 1024

/** Of one client, and of all. A note is a hundred look-ups. */
const notePace = { client: { perSecond: 3, burst: 20 }, all: { perSecond: 40, burst: 80 } }

/** A file is read as fast as its reader takes it. */
const filePace = { client: { perSecond: 3, burst: 40 }, all: { perSecond: 12, burst: 64 } }

/** Small parts leave together. */
const pieceBytes: number = 64 * 1024

/** Parts of a file: each costs a look-up, however little it carries. */
const maxParts = 4_096

const clientsKept = 10_000

/** Until it is worth asking again where there is no room. */
const shortMs = 5_000

/** Search engines are asked to keep nothing: a note may be taken back. */
const unkept = { 'X-Robots-Tag': 'noindex, nofollow' }

export function createReading({ store, isBlocked, isShort, clock }: ReadingPorts): AnswerReading {
  const paced = ({ client, all }: typeof notePace): ((address: string) => number) => {
    const ofClient = createPaces({ ...client, kept: clientsKept, clock })
    const ofAll = createPaces({ ...all, kept: 1, clock })
    return (address) => ofClient(address) || ofAll('')
  }
  const noteWait = paced(notePace)
  const fileWait = paced(filePace)

  /** Null: not for everybody, not checked yet, or not here. */
  function entryOf(item: Item | null, types: ReadonlySet<string>): ReadEntry | null {
    const found = item === null || isBlocked(item.identity) ? null : publicEntry(store, item, types)
    if (found === null) return null
    const { bytes, body } = found
    return {
      entry: encodeBase64url(bytes),
      body: body === null ? null : encodeBase64url(body),
    }
  }

  /** What shows who somebody is: their newest profile, and where another device wrote it the account's word on both. */
  function profileOf(identity: Identity): readonly ReadEntry[] {
    const profile = store.profile(identity)
    const said = entryOf(profile, new Set(['identification']))
    if (profile === null || said === null) return []
    if (profile.identity === identity) return [said]
    const root = store.synods?.accountOf(identity) ?? null
    const key = root === null ? null : (store.synods?.account(root)?.identity ?? null)
    const head = key === null ? null : (store.feed(key)?.record?.head.head ?? null)
    const stored = head === null ? null : store.entry(head)
    if (stored === null || !stored.verified) return []
    return [said, { entry: encodeBase64url(stored.signed.bytes), body: null }]
  }

  function note(identity: Identity, content: RawCid): Answer {
    const item = store.resolve(identity, content)
    const found = entryOf(item, noteTypes)
    if (item === null || found === null) return notFound()
    const items = [found]
    const people = new Set([item.identity])
    let bytes = 0
    const page = { limit: maxAnswers, lookUps: maxLookUps }
    for (const answer of store.thread(item.identity, item.content, page).items) {
      const entry = entryOf(answer, noteTypes)
      if (entry === null || (entry.body?.length ?? 0) > maxSmallBody * 2) continue
      bytes += entry.entry.length + (entry.body?.length ?? 0)
      if (bytes > maxAnswerBytes) break
      items.push(entry)
      people.add(answer.identity)
    }
    for (const person of people) items.push(...profileOf(person))
    const answer = json(200, { v: 1, items })
    return { ...answer, headers: { ...answer.headers, ...unkept } }
  }

  async function file(identity: Identity, content: RawCid, root: Cid): Promise<Answer> {
    const item = store.resolve(identity, content)
    const shows = entryOf(item, new Set([...noteTypes, 'identification']))
    const payload = item?.state.type === 'shown' ? item.state.payload : null
    if (shows === null || payload === null || !payloadBlobs(payload).includes(root)) return notFound()
    const state = store.blobState(root)
    if (state.type !== 'complete' || state.bytes > maxFileBytes) return notFound()
    const pieces = piecesOf(root)
    const first = await pieces.next().catch(() => null)
    if (first === null) return notFound()
    const body = following(first, pieces)
    return { status: 200, type: 'application/octet-stream', body, headers: unkept }
  }

  /** Throws where it is no file, or has more parts or bytes than are given to strangers. */
  async function* piecesOf(root: Cid): AsyncGenerator<Uint8Array, void> {
    const signal = AbortSignal.timeout(answerMs)
    let waiting: Uint8Array[] = []
    let [parts, length, sent] = [0, 0, 0]
    for await (const part of readFile(root, store.asBlocks, { signal })) {
      if (!part.ok) throw new Error(part.error.code)
      length += part.value.length
      // A directory of small parts may say that it has few bytes.
      if (++parts > maxParts || length > maxFileBytes) throw new Error('too-large')
      waiting.push(part.value)
      if (length - sent >= pieceBytes) {
        yield Buffer.concat(waiting)
        waiting = []
        sent = length
      }
      // Others have theirs between two parts.
      await nextTurn()
    }
    if (waiting.length > 0) yield Buffer.concat(waiting)
  }

  async function answer(
    path: string,
    { target, address }: Pick<Asked, 'target' | 'address'>,
  ): Promise<Answer> {
    if (isShort()) return later(503, 'busy', shortMs)
    const wait = path === notePath ? noteWait : fileWait
    const waitMs = wait(addressKey(address))
    if (waitMs > 0) return later(429, 'too-fast', waitMs)
    const asked = new URLSearchParams(target.split('?')[1] ?? '')
    const identity = parseIdentity(asked.get('of') ?? '')
    const content = parseRawCid(asked.get('content') ?? '')
    if (identity === null || content === null) return json(400, { error: 'bad-name' })
    if (path === notePath) return note(identity, content)
    const root = parseCid(asked.get('file') ?? '')
    if (root === null) return json(400, { error: 'bad-name' })
    return file(identity, content, root)
  }

  return (asked) => {
    const path = asked.target.split('?', 1)[0] ?? ''
    return path === notePath || path === filePath ? answer(path, asked) : null
  }
}

function later(status: 429 | 503, error: string, waitMs: number): Answer {
  const answer = json(status, { error })
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(Math.ceil(waitMs / 1_000)) } }
}

async function* following(
  first: IteratorResult<Uint8Array, void>,
  others: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array> {
  if (first.done !== true) yield first.value
  yield* others
}

const notFound = (): Answer => json(404, { error: 'not-found' })
