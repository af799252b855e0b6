/**
 * Whom invites let in (spec W6), and whom the operator put out again.
 *
 *     redeemed ─▶ bucket `guests`: identity ─▶ {by, from, at, out}        isIn: it, or another device of its account
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'
import { namesOf } from '@effigy/peer'
import type { Store } from '@effigy/store'
import type { Mirror } from '../admin/mirror.ts'
import { recordOf } from './parse-json.ts'

export interface Guest {
  /** The name of the token that they came with. */
  readonly by: string
  /** Whose invite it was. */
  readonly from: Identity
  /** Ms since 1970. */
  readonly at: number
  /** Put out: no invite brings them back. */
  readonly out: boolean
}

export interface Guests {
  /** Null: no invite let them in. */
  get(identity: Identity): Guest | null
  /** Whether an invite let in this identity, or another device of its account, and nobody put it out. */
  isIn(identity: Identity): boolean
  entries(): Iterable<readonly [Identity, Guest]>
  add(identity: Identity, guest: Guest): Promise<void>
  /** For good; false: no invite let them in. Ends no session. */
  putOut(identity: Identity): Promise<boolean>
}

export function parseGuest(value: unknown): Guest | null {
  const { by, from, at, out } = recordOf(value)
  const inviter = typeof from === 'string' ? parseIdentity(from) : null
  if (typeof by !== 'string' || inviter === null || typeof at !== 'number' || typeof out !== 'boolean') return null
  return { by, from: inviter, at, out }
}

/** `store`: asked late; null while it is not open. */
export function createGuests(
  records: Pick<Mirror<Guest>, 'get' | 'put' | 'entries'>,
  store: () => Pick<Store, 'synods'> | null,
): Guests {
  const get = (identity: Identity): Guest | null => records.get(identity)
  return {
    get,
    isIn(identity) {
      const own = get(identity)
      if (own !== null) return !own.out
      const known = store()
      if (known === null) return false
      const names = namesOf(known, identity)
      return names.some((name) => get(name)?.out === false) && !names.some((name) => get(name)?.out === true)
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
    async putOut(identity) {
      const guest = get(identity)
      if (guest === null) return false
      await records.put(identity, { ...guest, out: true })
      return true
    },
  }
}
