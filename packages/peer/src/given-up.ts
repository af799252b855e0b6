/**
 * A newest entry of one's own that nobody has any more: its head is known everywhere, and would keep this device from
 * writing for ever (spec F14).
 *
 *     head 7 of epoch 1 ─ nobody has its entry ─ writeAnyway ─▶ giving up ─ next write ─▶ epoch 2 over what is held
 *                                                                  └▶ given up: whoever still has 7 is asked for it
 *     7 turns up, hidden, at a device that was away ─▶ what epoch 2 lacks of it is written anew (as F13)
 *
 * @module
 */
import {
  type ChainPoint,
  chainPoint,
  contentId,
  EffigyError,
  type Identity,
  planHealing,
  type RawCid,
  type SignedEntry,
  type Signer,
  signEntry,
  signHead,
  signRebase,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { OwnEntry, Store, StoredEntry } from '@effigy/store'
import type { Clock, FormerWant } from '@effigy/sync'
import { sealAbove } from './private-feed/sealing.ts'
import { noteOwnRebase } from './rescue.ts'

type Settings = Pick<Store, 'setting' | 'saveSetting'>

/** The head over which the next write begins an epoch. */
const givingUpKey = 'giving-up'
/** Chains that are asked for. */
const givenUpKey = 'given-up'

/** The last of them: each is a disk that was lost. */
const maxGivenUp = 8

/** The newest head of that feed, where its entry is not here; null where nothing keeps from writing, or a dispute does. */
export function lackedHead(store: Pick<Store, 'feed' | 'entry'>, identity: Identity): RawCid | null {
  const state = store.feed(identity)
  const head = state?.record?.head.head ?? null
  if (head === null || state?.disputedAbove != null || state?.limit != null) return null
  return store.entry(head) === null ? head : null
}

/** From now on the next write begins anew over that head. */
export function noteGivingUp(store: Settings, head: RawCid): void {
  store.saveSetting(givingUpKey, head)
}

/** What is asked for wherever it may still be. */
export function givenUp(store: Pick<Store, 'setting'>): readonly FormerWant[] {
  // Nobody but `saveGivenUp` writes it.
  return JSON.parse(store.setting(givenUpKey) ?? '[]') as readonly FormerWant[]
}

function saveGivenUp(store: Settings, wants: readonly FormerWant[]): void {
  store.saveSetting(givenUpKey, wants.length === 0 ? null : JSON.stringify(wants.slice(-maxGivenUp)))
}

export interface BeginDeps {
  readonly store: Pick<
    Store,
    'feed' | 'entry' | 'chain' | 'need' | 'replaceOwn' | 'setting' | 'saveSetting' | 'feedKeys'
  >
  readonly crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'sealX'>
  readonly signer: Signer
  readonly identity: Identity
  readonly clock: Clock
  readonly voidPayload: () => string
}

/**
 * Begins the next epoch over what is held, where the newest head was given up; else nothing. What is held above a
 * gap is taken along, as F12 does. Durable when it resolves.
 */
export async function beginAnew(deps: BeginDeps): Promise<void> {
  const { store, crypto, signer, identity, clock } = deps
  const giving = store.setting(givingUpKey)
  if (giving === null) return
  const lost = lackedHead(store, identity)
  const known = store.feed(identity)?.record ?? null
  // It came in the meantime, or another one did.
  if (lost === null || known === null || giving !== lost) {
    store.saveSetting(givingUpKey, null)
    return
  }
  const [first] = store.feed(identity)?.runs ?? []
  const held = first?.first === 1 ? first.last : 0
  const loose: StoredEntry[] = []
  let bytes = 0
  let base: ChainPoint | null = null
  for (const stored of store.chain(identity)) {
    if (stored.signed.entry.length > held) {
      if (stored.verified) loose.push(stored)
      continue
    }
    base = chainPoint(stored.signed)
    bytes += stored.signed.bytes.length
  }
  const own: OwnEntry[] = []
  const plan = planHealing(base, [loose])
  const seal = sealAbove(deps, base ?? (loose[0] === undefined ? null : chainPoint(loose[0].signed)))
  if (plan !== null) {
    for await (const entry of signRebase(plan, signer, identity, crypto.sha256, seal)) {
      const source = plan.sources[own.length]
      own.push({ entry, body: loose.find(({ signed }) => signed === source?.signed)?.body ?? null })
    }
  } else if (base === null) {
    const entry = { identity, parent: null, length: 1, comparable: clock.now(), synod: null, links: [] }
    const bare = await signEntry({ ...entry, payload: deps.voidPayload() }, signer, crypto.sha256)
    own.push({ entry: seal?.(bare) ?? bare, body: null })
  }
  for (const { entry } of own) bytes += entry.bytes.length
  const newest = own.at(-1)?.entry
  const top = newest === undefined ? base : chainPoint(newest)
  if (top === null) return
  const { cid, length, comparable } = top
  const epoch = known.head.epoch + 1
  const record = await signHead({ identity, epoch, length, comparable, bytes, head: cid }, signer)
  // Of another epoch nothing that is held is known to be a part.
  const isSameChain = store.need(identity)?.rewinds !== true
  const want: FormerWant = {
    epoch: known.head.epoch,
    length: known.head.length,
    head: lost,
    base: isSameChain && base !== null ? { length: base.length, cid: base.cid } : null,
  }
  // First: what is asked for and held is no harm, what is lost and not asked for is.
  saveGivenUp(store, [...givenUp(store).filter(({ head }) => head !== lost), want])
  if (store.feed(identity)?.record?.head.head !== lost) return
  store.replaceOwn(held, own, record, lost)
  noteOwnRebase(store, base, record)
  store.saveSetting(givingUpKey, null)
}

/** Of entries that turned up, oldest first: those whose content the feed lacks now. */
export function lackedOf(
  store: Pick<Store, 'resolve'>,
  identity: Identity,
  entries: readonly SignedEntry[],
  crypto: Pick<Crypto, 'sha256'>,
): readonly SignedEntry[] {
  return entries.filter(
    ({ entry }) => store.resolve(identity, contentId(entry.payload, crypto.sha256)) === null,
  )
}

/** Those entries of it are written anew: they are not asked for again, so what is taken out of them stays out. */
export function noteTurnedUp(
  store: Settings,
  want: FormerWant,
  entries: readonly SignedEntry[],
  isWhole: boolean,
): void {
  const [lowest] = entries
  const top = entries.at(-1)
  if (lowest === undefined || top === undefined) return
  const left: FormerWant[] = []
  for (const one of givenUp(store)) {
    const isIt = one.head === want.head
    if (isIt && isWhole) continue
    const { parent, length } = lowest.entry
    if (isIt) left.push(parent === null ? one : { ...one, head: parent, length: length - 1 })
    else if (one.epoch === want.epoch && one.length > want.length && isWhole)
      left.push({ ...one, base: { length: top.entry.length, cid: top.cid } })
    else left.push(one)
  }
  saveGivenUp(store, left)
}

export function stillAsked(): EffigyError {
  const message =
    'Somebody may still have what this device published last. Stay connected for a minute, then try again.'
  return new EffigyError('own-feed-incomplete', message)
}
