/**
 * A device that is new to its account cannot open what the others sealed before it joined: they tell it (spec Y20).
 *
 *     new device ─call ownstate.opened {identity, above}▶ own device ─▶ [content, payload text], … ─▶ rememberOpened
 *
 * Nothing of it is believed of anybody else: the content must be that of a sealed entry of an own device that is here.
 *
 * @module
 */
import {
  cidDigest,
  type Identity,
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

export const ownTextsService = 'ownstate'

/** Of one answer: entries looked at, and bytes of texts. */
const maxLookedAt = 512
const maxAnswerBytes: number = 256 * 1024

export type OwnTextsStore = Pick<Store, 'chain' | 'block' | 'item'>

/** Gives own devices the plaintexts of what own devices sealed. */
export function createOwnTexts(store: OwnTextsStore, devices: () => readonly Identity[]): Service {
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
        return ok({ value: openedAbove(store, identity, above as number) })
      },
    },
  }
}

function openedAbove(store: OwnTextsStore, identity: Identity, above: number): JsonObject {
  const texts: [string, string][] = []
  let bytes = 0
  let through = above
  for (const stored of store.chain(identity, { first: above + 1, last: above + maxLookedAt })) {
    const item = isSealed(store, stored) ? store.item(stored.signed.cid) : null
    if (item?.state.type === 'shown') {
      const text = writeStrictJson(item.state.payload as unknown as JsonObject)
      bytes += text.length
      if (bytes > maxAnswerBytes && texts.length > 0) break
      texts.push([stored.content, text])
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

export interface Learned {
  readonly count: number
  /** Ask again above it; as asked when there is no more. */
  readonly through: number
}

/** Takes an answer in, as `told` does each text; null when it is none. */
export async function learnTexts(
  store: Pick<Store, 'resolve'>,
  told: (identity: Identity, content: RawCid, text: string) => Promise<boolean>,
  identity: Identity,
  above: number,
  value: JsonObject,
): Promise<Learned | null> {
  const { texts, through } = value
  if (!Array.isArray(texts) || !Number.isSafeInteger(through) || (through as number) < above) return null
  let count = 0
  for (const pair of texts) {
    const [name, text] = Array.isArray(pair) ? pair : []
    const content = typeof name === 'string' ? parseRawCid(name) : null
    if (content === null || typeof text !== 'string') return null
    if (isSealedHere(store, identity, content) && (await told(identity, content, text))) count++
  }
  return { count, through: through as number }
}

function isSealedHere(store: Pick<Store, 'resolve'>, identity: Identity, content: RawCid): boolean {
  const item = store.resolve(identity, content)
  return item?.identity === identity && item.content === content && item.state.type === 'encrypted'
}
