/**
 * Opens what own devices sealed to each other, so that it counts here: blocks, mutes, state (DESIGN 2.5, 2.6, spec X2).
 *
 *     entries of own devices with `age:` ─box key▶ payload ─▶ store.rememberOpened
 *                                          └ not for us: sealed before this device joined (own/texts.ts)
 *
 * @module
 */
import {
  cidDigest,
  type Identity,
  parseRawCid,
  parseUtf8,
  rawCidOfDigest,
  writeStrictJson,
} from '@effigy/core'
import { type AgreementKey, type Crypto, openAge } from '@effigy/crypto'
import type { Store, StoredEntry } from '@effigy/store'

export interface OpenerDeps {
  readonly store: Store
  readonly crypto: Crypto
  /** This device and the others of its person. */
  readonly devices: readonly Identity[]
  /** This device's, and the account's recovery key where its words were typed. */
  readonly keys: readonly AgreementKey[]
}

/** The sealed text of an entry; null when it has none, or its block is not here. */
export function sealedText(store: Pick<Store, 'block'>, { signed, body }: StoredEntry): string | null {
  const { payload } = signed.entry
  if (payload.startsWith('age:')) return payload
  const detached = parseRawCid(payload)
  if (detached === null) return null
  const bytes = body ?? store.block(rawCidOfDigest(cidDigest(detached)))
  const text = bytes === null ? null : parseUtf8(bytes)
  return text?.startsWith('age:') === true ? text : null
}

/** Opens one entry of an own device; nothing happens when it is for others, or lifted from another author. */
async function openOwn(stored: StoredEntry, author: Identity, deps: OpenerDeps): Promise<void> {
  const { store, crypto, keys } = deps
  const text = sealedText(store, stored)
  if (text === null) return
  const note = await openAge(text, keys, crypto)
  if (!note.ok || note.value.from !== author || note.value.context !== 'state') return
  store.rememberOpened(author, stored.content, writeStrictJson(note.value.body))
}

/**
 * Opens what came since the last time; remembers how far it came, and from where on something stayed shut
 * (`shutAbove`).
 */
export async function openAllOwn(deps: OpenerDeps): Promise<void> {
  for (const device of deps.devices) await openFeed(device, deps)
}

async function openFeed(device: Identity, deps: OpenerDeps): Promise<void> {
  const { store } = deps
  const state = store.feed(device)
  const top = state?.runs.at(-1)?.last
  // Of a device that its account ended, the author's own record over the end may never have come (S34).
  const epoch = state?.record?.head.epoch ?? store.synods?.ending(device)?.final?.[0]
  if (state == null || top === undefined || epoch === undefined) return
  const reached = placeOf(store.setting(throughKey(device)))
  const added = top - (reached?.top ?? 0)
  // A rebase may have brought entries back to any place, and older ones may have come: then all is looked at again.
  const isGrown = reached?.epoch === epoch && added >= 0 && state.heldCount === reached.held + added
  if (isGrown && added === 0) return
  const first = isGrown ? reached.top + 1 : 1
  let shut: number | null = null
  let through = top
  for (const stored of [...store.chain(device, { first })]) {
    if (!stored.verified) {
      // What was opened before its signature was checked would never act: state, blocks, mutes (F8).
      through = stored.signed.entry.length - 1
      break
    }
    await openOwn(stored, device, deps)
    if (shut === null && isShut(store, stored)) shut = stored.signed.entry.length - 1
  }
  if (shut !== null) noteShut(store, device, Math.min(shut, shutAbove(store, device) ?? shut))
  store.saveSetting(throughKey(device), `${epoch}/${through}/${state.heldCount - (top - through)}`)
}

/**
 * Everything of an own device is opened anew the next time: with one more key more can be read, and what a stolen device
 * told of texts (own/texts.ts) gives way to what they say (T26).
 */
export function openAgain(store: Pick<Store, 'saveSetting'>, device: Identity): void {
  store.saveSetting(throughKey(device), null)
}

/** Above that length, sealed entries of an own device are here that this one cannot open; null: none. */
export function shutAbove(store: Pick<Store, 'setting'>, device: Identity): number | null {
  const text = store.setting(shutKey(device))
  return text === null ? null : Number(text)
}

export function noteShut(store: Pick<Store, 'saveSetting'>, device: Identity, above: number | null): void {
  store.saveSetting(shutKey(device), above === null ? null : String(above))
}

/** Whether it is sealed, and its text not known. */
export function isShut(store: Pick<Store, 'block' | 'item'>, stored: StoredEntry): boolean {
  return sealedText(store, stored) !== null && store.item(stored.signed.cid)?.state.type === 'encrypted'
}

const throughKey = (device: Identity): string => `opened-through/${device}`
const shutKey = (device: Identity): string => `shut-above/${device}`

interface Place {
  readonly epoch: number
  readonly top: number
  readonly held: number
}

function placeOf(text: string | null): Place | null {
  const [epoch, top, held] = (text ?? '').split('/').map(Number)
  return epoch === undefined || top === undefined || held === undefined ? null : { epoch, top, held }
}
