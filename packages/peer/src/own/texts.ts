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
  type Identity,
  type JsonObject,
  ok,
  parseIdentity,
  parseRawCid,
  type RawCid,
  writeStrictJson,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import { atLeast, type Service } from '@effigy/sync'
import { sealedText } from '../opener.ts'

export const ownTextsService = 'ownstate'

/** Of one answer: entries looked at, and bytes of texts. */
const maxLookedAt = 512
const maxAnswerBytes: number = 256 * 1024

export type OwnTextsStore = Pick<Store, 'chain' | 'block' | 'item' | 'resolve' | 'rememberOpened'>

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
    const isSealed = sealedText(store, stored) !== null
    const item = isSealed ? store.item(stored.signed.cid) : null
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

export interface Learned {
  readonly count: number
  /** Ask again above it; as asked when there is no more. */
  readonly through: number
}

/** Takes an answer in; null when it is none. */
export function learnTexts(
  store: OwnTextsStore,
  identity: Identity,
  above: number,
  value: JsonObject,
): Learned | null {
  const { texts, through } = value
  if (!Array.isArray(texts) || !Number.isSafeInteger(through) || (through as number) < above) return null
  let count = 0
  for (const pair of texts) {
    const [name, text] = Array.isArray(pair) ? pair : []
    const content = typeof name === 'string' ? parseRawCid(name) : null
    if (content === null || typeof text !== 'string') return null
    if (isSealedHere(store, identity, content) && store.rememberOpened(identity, content, text)) count++
  }
  return { count, through: through as number }
}

function isSealedHere(store: OwnTextsStore, identity: Identity, content: RawCid): boolean {
  const item = store.resolve(identity, content)
  return item?.identity === identity && item.content === content && item.state.type === 'encrypted'
}
