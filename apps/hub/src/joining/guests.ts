/**
 * Whom invites let in (spec W6).
 *
 *     redeemed ─▶ bucket `guests`: identity ─▶ {by, from, at}        isIn: it, or one of the account that lists it
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Mirror } from '../admin/mirror.ts'
import { accountListing } from '../admin/persons.ts'
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
  /** Whether an invite let in this identity, or any device, of now or before, of the account that lists it. */
  isIn(identity: Identity): boolean
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

/** `store`: asked late; null while it is not open. */
export function createGuests(records: Mirror<Guest>, store: () => Pick<Store, 'synods'> | null): Guests {
  const get = (identity: Identity): Guest | null => records.get(identity)
  return {
    get,
    isIn(identity) {
      if (get(identity) !== null) return true
      const known = records.size > 0 ? store() : null
      return known !== null && [...accountListing(known, identity).keys()].some((name) => get(name) !== null)
    },
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
