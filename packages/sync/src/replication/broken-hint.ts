/**
 * A source says that a feed is broken at an entry: a hint, which is then checked (spec R11).
 *
 *     brokenat {CID} ─ we hold it ─────────────────▶ its signature, now
 *                    ├ it is the one we asked for ─▶ getentry ─▶ unreadable, or stored and its signature checked
 *                    └ neither: nothing ties it to the head, so it proves nothing
 *
 * @module
 */
import {
  cidOfBytes,
  entryCheck,
  type Identity,
  isRawCid,
  maxEntryBytes,
  type RawCid,
  rawCid,
  type Sha256,
  type SignedEntry,
  shortName,
} from '@effigy/core'
import type { FeedNeed, Store, Unseal } from '@effigy/store'
import type { Log } from '../log.ts'
import { writeCids } from '../messages-bytes.ts'
import type { Asked } from './asked.ts'
import type { Effects } from './effects.ts'
import { isWatched } from './feed-appender.ts'

export interface BrokenHintPorts {
  readonly store: Pick<Store, 'feed' | 'entry' | 'appendRuns' | 'settleEntries' | 'markUnreadable'>
  readonly sha256: Sha256
  readonly unseal: Unseal
  readonly asked: Asked
  readonly effects: Pick<Effects, 'verify'>
  readonly log: Log
}

/** Looks at what `brokenat` said about what was asked; false when its bytes are no CID. */
export function createBrokenHints(ports: BrokenHintPorts): (need: FeedNeed, bytes: Uint8Array) => boolean {
  const { store, sha256, unseal, asked, effects, log } = ports

  function settle(signed: SignedEntry): void {
    effects.verify([entryCheck(signed)], ([valid]) => {
      log.info('feed.hint-checked', { entry: shortName(signed.cid), valid: valid === true })
      store.settleEntries([{ cid: signed.cid, valid: valid === true }])
    })
  }

  /** `cid` hangs from the head, so whatever these bytes are, the owner is bound by them. */
  function judge(identity: Identity, cid: RawCid, length: number, bytes: Uint8Array): void {
    if (bytes.length === 0 || bytes.length > maxEntryBytes || rawCid(bytes, sha256) !== cid) return
    if (!isWatched(store, identity)) return
    const decoded = unseal(bytes, identity)
    if (decoded.ok) {
      store.appendRuns([{ identity, entries: [decoded.value], bodies: new Map() }])
      settle(decoded.value)
      return
    }
    const { code } = decoded.error
    // Not understood by us: nobody is at fault.
    if (code !== 'version' && code !== 'sealed') store.markUnreadable(identity, cid, { length, cid, code })
  }

  return ({ identity, from, fromLength }, bytes) => {
    const cid = cidOfBytes(bytes)
    if (cid === null || !isRawCid(cid)) return false
    const held = store.entry(cid)
    if (held !== null) {
      if (held.signed.entry.identity === identity && !held.verified) settle(held.signed)
      return true
    }
    if (cid !== from) return true
    const id = asked.open({ type: 'getentry', count: 1 }, writeCids([cid]), (answer, entry) => {
      asked.cancel(id)
      if (answer.type === 'entries' && answer.sizes.length === 1) judge(identity, cid, fromLength, entry)
    })
    return true
  }
}
