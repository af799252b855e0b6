/**
 * A device that is new to its account cannot open what the others sealed before it joined: they tell it (spec Y20).
 *
 *     new device ─call ownstate.opened {identity, above}▶ own device ─▶ [content, payload text], … ─▶ rememberOpened
 *
 *     new device ─call ownstate.texts {wanted}▶ own device ─▶ texts of what others sealed (X10)
 *
 * Nothing of it is believed of anybody else: the content must be that of a sealed entry that is here.
 *
 * @module
 */
import {
  type ContentName,
  cidDigest,
  type Identity,
  type Json,
  type JsonObject,
  ok,
  parseIdentity,
  parseRawCid,
  parseUtf8,
  type RawCid,
  rawCidOfDigest,
  writeStrictJson,
} from '@effigy/core'
import type { Store, StoredEntry } from '@effigy/store'
import { atLeast, type Service } from '@effigy/sync'
import type { Doubt } from './doubt.ts'

export const ownTextsService = 'ownstate'

/** Of one answer: entries looked at, and bytes of texts. */
const maxLookedAt = 512
const maxAnswerBytes: number = 256 * 1024

/** Contents that are asked for at once. */
export const maxWanted = 256

/** Devices one text came through: who would be one more passes it on to nobody. */
const maxTellers = 32

export type OwnTextsStore = Pick<Store, 'chain' | 'block' | 'item' | 'resolve'>

/** Gives own devices the plaintexts of what own devices sealed, and others for them. */
export function createOwnTexts(
  store: OwnTextsStore,
  devices: () => readonly Identity[],
  tellersOf: Doubt['tellersOf'] = () => [],
): Service {
  return {
    name: ownTextsService,
    isFor: atLeast('own'),
    methods: {
      async opened({ value }) {
        const identity = typeof value.identity === 'string' ? parseIdentity(value.identity) : null
        const above = value.above
        if (identity === null || !Number.isSafeInteger(above) || !devices().includes(identity)) {
          return { ok: false, error: { code: 'bad-request', retryMs: null } }
        }
        return ok({ value: openedAbove(store, identity, above as number, tellersOf) })
      },
      async texts({ value: { wanted } }) {
        const names = Array.isArray(wanted) && wanted.length <= maxWanted ? wanted.map(nameOf) : [null]
        if (names.includes(null)) return { ok: false, error: { code: 'bad-request', retryMs: null } }
        return ok({ value: openedOf(store, names as readonly ContentName[]) })
      },
    },
  }
}

function openedAbove(
  store: OwnTextsStore,
  identity: Identity,
  above: number,
  tellersOf: Doubt['tellersOf'],
): JsonObject {
  const texts: Json[][] = []
  let bytes = 0
  let through = above
  for (const stored of store.chain(identity, { first: above + 1, last: above + maxLookedAt })) {
    const item = isSealed(store, stored) ? store.item(stored.signed.cid) : null
    const tellers = item?.state.type === 'shown' ? tellersOf(identity, stored.content) : []
    if (item?.state.type === 'shown' && tellers.length <= maxTellers) {
      const text = writeStrictJson(item.state.payload as unknown as JsonObject)
      bytes += text.length + tellers.join().length
      if (bytes > maxAnswerBytes && texts.length > 0) break
      texts.push(tellers.length === 0 ? [stored.content, text] : [stored.content, text, tellers])
    }
    through = stored.signed.entry.length
  }
  return { texts, through }
}

/** Whether its text is sealed, and here. */
function isSealed(store: Pick<Store, 'block'>, { signed, body }: StoredEntry): boolean {
  const { payload } = signed.entry
  if (payload.startsWith('age:')) return true
  const detached = parseRawCid(payload)
  if (detached === null) return false
  const bytes = body ?? store.block(rawCidOfDigest(cidDigest(detached)))
  return (bytes === null ? null : parseUtf8(bytes))?.startsWith('age:') === true
}

function nameOf(pair: Json): ContentName | null {
  const [identity, content] = Array.isArray(pair) ? pair : []
  const author = typeof identity === 'string' ? parseIdentity(identity) : null
  const cid = typeof content === 'string' ? parseRawCid(content) : null
  return author === null || cid === null ? null : { identity: author, content: cid }
}

/** Texts of some contents, by their places among the names, as far as one answer has room. */
function openedOf(store: OwnTextsStore, names: readonly ContentName[]): JsonObject {
  const texts: [number, string][] = []
  const absent: number[] = []
  let bytes = 0
  let through = 0
  for (const [at, { identity, content }] of names.entries()) {
    const item = store.resolve(identity, content)
    if (item === null) absent.push(at)
    const isHere = item?.identity === identity && item.content === content && item.state.type === 'shown'
    if (isHere) {
      const text = writeStrictJson(item.state.payload as unknown as JsonObject)
      bytes += text.length
      if (bytes > maxAnswerBytes && texts.length > 0) break
      texts.push([at, text])
    }
    through = at + 1
  }
  return absent.length === 0 ? { texts, through } : { texts, through, absent }
}

export interface LearnedWanted {
  /** How many of the names it looked at. */
  readonly through: number
  /** Those of them that it does not have itself. */
  readonly absent: readonly ContentName[]
}

/** Takes in what an own device told of contents of others; null when it is no answer. */
export async function learnWanted(
  store: Pick<Store, 'resolve'>,
  told: Told,
  names: readonly ContentName[],
  { texts, through, absent = [] }: JsonObject,
): Promise<LearnedWanted | null> {
  if (!Array.isArray(texts) || !Array.isArray(absent) || !Number.isSafeInteger(through)) return null
  if ((through as number) < 1 || (through as number) > names.length) return null
  for (const pair of texts) {
    const [at, text] = Array.isArray(pair) ? pair : []
    const name = typeof at === 'number' ? names[at] : undefined
    if (name === undefined || typeof text !== 'string') return null
    if (isSealedHere(store, name.identity, name.content)) await told(name.identity, name.content, text, [])
  }
  const places = new Set(absent)
  return {
    through: through as number,
    absent: names.filter((_, at) => at < (through as number) && places.has(at)),
  }
}

/** `tellers`: through whom it came to those who say it; empty: they opened it. */
type Told = (
  identity: Identity,
  content: RawCid,
  text: string,
  tellers: readonly Identity[],
) => Promise<boolean>

const nothingDoubtful: Pick<Doubt, 'isDoubtful' | 'isMember'> = {
  isDoubtful: () => false,
  isMember: () => true,
}

export interface Learned {
  readonly count: number
  /** Ask again above it; as asked when there is no more. */
  readonly through: number
}

/** Takes an answer in, as `told` does each text; null when it is none. */
export async function learnTexts(
  store: Pick<Store, 'resolve'>,
  told: Told,
  identity: Identity,
  above: number,
  value: JsonObject,
  doubt: Pick<Doubt, 'isDoubtful' | 'isMember'> = nothingDoubtful,
): Promise<Learned | null> {
  const { texts, through } = value
  if (!Array.isArray(texts) || !Number.isSafeInteger(through) || (through as number) < above) return null
  let count = 0
  for (const pair of texts) {
    const [name, text, by] = Array.isArray(pair) ? pair : []
    const content = typeof name === 'string' ? parseRawCid(name) : null
    const tellers = tellersIn(by)
    if (content === null || typeof text !== 'string' || tellers === null) return null
    // A doubtful word is better than none, and takes no other's place.
    const isWanted =
      isSealedHere(store, identity, content) ||
      (tellers.every(doubt.isMember) && doubt.isDoubtful(identity, content))
    if (isWanted && (await told(identity, content, text, tellers))) count++
  }
  return { count, through: through as number }
}

/** Null: they are none, or too many. */
function tellersIn(by: Json | undefined): readonly Identity[] | null {
  if (by === undefined) return []
  if (!Array.isArray(by) || by.length > maxTellers) return null
  const tellers = by.flatMap((each) => (typeof each === 'string' ? (parseIdentity(each) ?? []) : []))
  return tellers.length === by.length ? tellers : null
}

function isSealedHere(store: Pick<Store, 'resolve'>, identity: Identity, content: RawCid): boolean {
  const item = store.resolve(identity, content)
  return item?.identity === identity && item.content === content && item.state.type === 'encrypted'
}
