/**
 * Rows of `synod_devices`: the last verdicts by identity (spec S32), so that a feed, a view or a session asks for one
 * row and judges nothing.
 *
 *     Authority ─replace▶ rows of its root ─▶ those that changed
 *     identity  ─of▶ its accounts, the closest first
 *
 * @module
 */
import { type Identity, identityKey, identityOfKey, type Root, type Standing } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'

export interface DeviceStanding {
  readonly root: Root
  readonly standing: Standing
}

export interface DeviceTable {
  /** The accounts that have or had it, the closest first: by standing, then by root. */
  of(identity: Identity): readonly DeviceStanding[]
  /** Keys that accounts moved away from. */
  moved(): ReadonlySet<Identity>
  /** Everybody of an account, the closest first. */
  identitiesOf(root: Root): readonly Identity[]
  /** The new verdict of an account; gives whose row it changed. */
  replace(root: Root, standings: ReadonlyMap<Identity, Standing>): readonly Identity[]
  /** After a roll-back. */
  forget(): void
}

const ranks = { member: 1, 'in-power': 2, moved: 3, revoked: 4, frozen: 5, foreign: 6 } as const

/** Of one account in views: more can only be made by an account that goes on changing its devices. */
const maxIdentities = 256

/** Identities whose accounts are kept at hand. */
const maxKept = 4096

export function createDeviceTable(db: Sqlite): DeviceTable {
  /** Usually there are none, and nobody pays for that. */
  let isEmpty: boolean | null = null
  const kept = new Map<Identity, readonly DeviceStanding[]>()
  const groups = new Map<Root, readonly Identity[]>()

  let moved: ReadonlySet<Identity> | null = null

  const forget = (): void => {
    isEmpty = moved = null
    kept.clear()
    groups.clear()
  }

  return {
    of(identity) {
      isEmpty ??= db.first('select 1 as one from synod_devices limit 1') === null
      if (isEmpty) return []
      const known = kept.get(identity)
      if (known !== undefined) return known
      const rows = db.rows<{ root: Root; standing: string }>(
        'select root, standing from synod_devices where identity = ? order by rank, root',
        identityKey(identity),
      )
      const found = Array.from(rows, ({ root, standing }) => ({
        root,
        standing: JSON.parse(standing) as Standing,
      }))
      if (kept.size >= maxKept) kept.clear()
      kept.set(identity, found)
      return found
    },
    moved() {
      moved ??= new Set(
        Array.from(
          db.rows<{ identity: Uint8Array }>('select identity from synod_devices where rank = ?', ranks.moved),
          ({ identity }) => identityOfKey(identity),
        ),
      )
      return moved
    },
    identitiesOf(root) {
      const known = groups.get(root)
      if (known !== undefined) return known
      const rows = db.rows<{ identity: Uint8Array }>(
        'select identity from synod_devices where root = ? order by rank, identity limit ?',
        root,
        maxIdentities,
      )
      const found = Array.from(rows, ({ identity }) => identityOfKey(identity))
      if (groups.size >= maxKept) groups.clear()
      groups.set(root, found)
      return found
    },
    replace(root, standings) {
      const before = new Map<Identity, string>()
      const rows = db.rows<{ identity: Uint8Array; standing: string }>(
        'select identity, standing from synod_devices where root = ?',
        root,
      )
      for (const { identity, standing } of rows) before.set(identityOfKey(identity), standing)
      const changed: Identity[] = []
      for (const [identity, standing] of standings) {
        const text = JSON.stringify(standing)
        if (before.get(identity) === text) continue
        changed.push(identity)
        db.run('delete from synod_devices where identity = ? and root = ?', identityKey(identity), root)
        db.run(
          'insert into synod_devices (identity, rank, root, standing) values (?, ?, ?, ?)',
          identityKey(identity),
          ranks[standing.type],
          root,
          text,
        )
      }
      for (const identity of before.keys()) {
        if (standings.has(identity)) continue
        changed.push(identity)
        db.run('delete from synod_devices where identity = ? and root = ?', identityKey(identity), root)
      }
      if (changed.length > 0) forget()
      return changed
    },
    forget,
  }
}
