/**
 * What of the own feed was given up and turned up after all (spec F14): what the feed lacks of it is written anew.
 *
 * @module
 */
import { contentId, type Identity, type RawCid, type SignedEntry } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { FormerWant } from '@effigy/sync'
import { givenUp, givenUpKey } from './given-up.ts'
import { isPrivateFeed } from './private-feed/sealing.ts'
import { isUnfit } from './rescue.ts'
import type { TurnedUpDeps } from './turned-up.ts'

type Settings = Pick<Store, 'setting' | 'saveSetting'>

/** The last of them: each is a disk that was lost. */
const maxGivenUp = 8

export interface Found {
  readonly want: FormerWant
  /** Oldest first, without a gap from its head downwards. */
  readonly entries: readonly SignedEntry[]
  readonly bodies: ReadonlyMap<RawCid, Uint8Array>
  /** All of them. */
  readonly isWhole: boolean
}

/** False: nobody wants it any more. */
export async function writeAnew(
  { store, crypto, identity, log, writer }: TurnedUpDeps,
  { want, entries, bodies, isWhole }: Found,
): Promise<boolean> {
  if (!givenUp(store).some(({ head }) => head === want.head)) return false
  // What was for some is not written for everybody.
  const isPrivate = isPrivateFeed(store, identity)
  const lacked = lackedOf(store, identity, entries, crypto).filter(({ sealed }) => isPrivate || !sealed)
  log.warn('feed.turned-up', { entries: lacked.length })
  for (const { entry } of lacked) {
    const { payload, links } = entry
    const body = bodies.get(contentId(payload, crypto.sha256)) ?? null
    try {
      await writer.append({ payload, links, body, above: 0 })
    } catch (cause) {
      if (!isUnfit(cause)) throw cause
      log.warn('feed.turned-up-unfit', { code: cause.code })
    }
  }
  noteTurnedUp(store, want, entries, isWhole)
  return true
}

/** Those of which neither they nor their contents are here: what was here and is gone was taken out. */
function lackedOf(
  store: Pick<Store, 'resolve' | 'entry'>,
  identity: Identity,
  entries: readonly SignedEntry[],
  crypto: Pick<Crypto, 'sha256'>,
): readonly SignedEntry[] {
  return entries.filter(
    ({ cid, entry }) =>
      store.entry(cid) === null && store.resolve(identity, contentId(entry.payload, crypto.sha256)) === null,
  )
}

/** Those entries of it are written anew: they are not asked for again, so what is taken out of them stays out. */
function noteTurnedUp(
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
    const { parent, length } = lowest.entry
    if (isIt && (isWhole || parent === null)) continue
    // As low as what is held, and not on it: the two part further down.
    const isBeside = one.base !== null && length <= one.base.length + 1
    if (isIt && parent !== null)
      left.push({ ...one, head: parent, length: length - 1, base: isBeside ? null : one.base })
    else if (one.epoch === want.epoch && one.length > want.length && isWhole)
      left.push({ ...one, base: { length: top.entry.length, cid: top.cid } })
    else left.push(one)
  }
  saveGivenUp(store, left)
}

export function saveGivenUp(store: Settings, wants: readonly FormerWant[]): void {
  store.saveSetting(givenUpKey, wants.length === 0 ? null : JSON.stringify(wants.slice(-maxGivenUp)))
}
