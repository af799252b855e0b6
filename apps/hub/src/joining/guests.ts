/**
 * Whom invites let in (spec W6).
 *
 *     redeemed ─▶ bucket `guests`: identity ─▶ {by, from, at} ─▶ members.ts
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'
import type { Mirror } from '../admin/mirror.ts'
import { recordOf } from '../ports/record-json.ts'

export interface Guest {
  /** The name of the token that they came with. */
  readonly by: string
  /** Whose invite it was. */
  readonly from: Identity
  /** Ms since 1970. */
  readonly at: number
}

export interface Guests {
  /** Null: no invite let them in. */
  get(identity: Identity): Guest | null
  entries(): Iterable<readonly [Identity, Guest]>
  add(identity: Identity, guest: Guest): Promise<void>
  /** It needs another invite from now on; false: no invite let them in. Ends no session. */
  forget(identity: Identity): Promise<boolean>
}

export function parseGuest(value: unknown): Guest | null {
  const { by, from, at } = recordOf(value)
  const inviter = typeof from === 'string' ? parseIdentity(from) : null
  return typeof by === 'string' && inviter !== null && typeof at === 'number'
    ? { by, from: inviter, at }
    : null
}

export function createGuests(records: Mirror<Guest>): Guests {
  return {
    get: (identity) => records.get(identity),
    *entries() {
      for (const [key, guest] of records.entries()) {
        const identity = parseIdentity(key)
        if (identity !== null) yield [identity, guest]
      }
    },
    async add(identity, guest) {
      await records.put(identity, guest)
    },
    forget: (identity) => records.delete(identity),
  }
}
