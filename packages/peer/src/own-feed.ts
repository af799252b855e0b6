/**
 * What becomes of one's own feed beside being written to: entries are taken out, a fork is healed, and what a lost state
 * overruled is written again (spec F12, F13).
 *
 * @module
 */
import type { HeadRecord, Identity, RawCid, Sha256 } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Log } from '@effigy/sync'
import type { Authoring } from './authoring.ts'
import { unwatched } from './kept-services.ts'
import type { HealOptions } from './peer.ts'
import type { Permission } from './permission.ts'
import { isPrivateFeed } from './private-feed/sealing.ts'
import { isUnfit, noteRescued, overruled } from './rescue.ts'
import type { Writer } from './writer.ts'

export interface OwnFeedPorts {
  readonly store: Store
  readonly identity: Identity
  readonly sha256: Sha256
  readonly log: Log
  readonly writer: Writer
  readonly authoring: Authoring
  readonly permission: Pick<Permission, 'isAlarmed' | 'assertLost'>
  /** Whom this device follows may be different. */
  readonly related: () => void
  /** The feed stands differently: what it says is read again. */
  readonly rewritten: () => Promise<void>
}

export interface OwnFeed {
  remove(cids: readonly RawCid[]): Promise<HeadRecord>
  /** As `Peer.heal`. */
  heal(options?: HealOptions): Promise<HeadRecord>
  /** Writes again what stood in a state of the feed that others do not count. */
  rescue(): Promise<void>
}

export function createOwnFeed(ports: OwnFeedPorts): OwnFeed {
  const { store, identity, log, writer, authoring, permission } = ports
  return {
    async remove(cids) {
      const before = store.relations(identity, 'follow')
      const record = await authoring.remove(cids)
      // A follow may have been among them, or the end of one.
      const after = store.relations(identity, 'follow')
      for (const other of before) if (!after.includes(other)) store.watchFeed(other, unwatched(store, other))
      ports.related()
      return record
    },
    async heal({ givingUp = false } = {}) {
      if (givingUp) permission.assertLost()
      const record = await writer.heal(givingUp)
      await ports.rewritten()
      return record
    },
    async rescue() {
      const lost = overruled(store, identity, ports.sha256)
      const head = store.feed(identity)?.record?.head
      if (permission.isAlarmed() || lost.length === 0 || head === undefined) return
      log.warn('feed.rescued', { entries: lost.length })
      // What was for some is not written for everybody.
      const isPrivate = isPrivateFeed(store, identity)
      for (const { cid, entry, sealed } of lost) {
        if (sealed !== undefined && !isPrivate) continue
        const { payload, links } = entry
        try {
          await writer.append({ payload, links, body: store.entry(cid)?.body ?? null, above: 0 })
        } catch (cause) {
          if (!isUnfit(cause)) throw cause
          log.warn('feed.rescue-unfit', { code: cause.code })
        }
      }
      noteRescued(store, head)
    },
  }
}
