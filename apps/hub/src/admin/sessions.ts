/**
 * One-time links and the sessions that they open. Kept as hashes: who reads the records can open nothing.
 *
 *     create ─▶ token, 10 minutes ─exchange, once▶ session, 8 hours ─check▶ yes or no
 *
 * @module
 */
import { hash } from 'node:crypto'
import { encodeBase64url, parseBase64url, type RandomBytes } from '@effigy/core'
import type { Clock } from '@effigy/sync'
import type { HubBucket, HubPage } from '../ports/hub-store.ts'

/** Ms in which a link is to be used. */
export const linkMs: number = 10 * 60 * 1000

/** Ms that a session lasts, used or not. */
export const sessionMs: number = 8 * 60 * 60 * 1000

/** Links and sessions at once; one more link is refused. */
export const maxLinks = 32

const tokenBytes = 16
const linkPrefix = 'link:'
const sessionPrefix = 'session:'

export interface AdminSessions {
  /** The secret of a new link; null: there are too many that nobody used. */
  createLink(): Promise<string | null>
  /** The secret of a session, for that of a link that is good and was never used; null otherwise, whatever is wrong with it. */
  exchange(token: string): Promise<string | null>
  check(secret: string): Promise<boolean>
  /** False: it was over. */
  end(secret: string): Promise<boolean>
  /** All sessions and unused links; gives how many there were. */
  endAll(): Promise<number>
}

export interface AdminSessionsDeps {
  readonly records: HubBucket
  readonly clock: Pick<Clock, 'now'>
  readonly random: RandomBytes
}

export function createAdminSessions({ records, clock, random }: AdminSessionsDeps): AdminSessions {
  /** The key of its record; of what is no secret at all one that is never there, so that looking costs the same. */
  const nameOf = (prefix: string, secret: string): string => {
    const bytes = secret.length === 22 ? parseBase64url(secret) : null
    return `${prefix}${hash('sha256', bytes ?? new Uint8Array(tokenBytes + 1), 'base64url')}`
  }

  async function make(prefix: string, ms: number): Promise<string> {
    const secret = encodeBase64url(random(tokenBytes))
    await records.put(nameOf(prefix, secret), String(clock.now()), { expiresMs: clock.now() + ms })
    return secret
  }

  async function takeAway(name: string): Promise<boolean> {
    const found = await records.get(name)
    if (found === null) return false
    // Of two who come at once one finds it gone.
    const deleted = await records.delete(name, { revision: found.revision })
    return deleted.ok && deleted.value
  }

  return {
    async createLink() {
      const { records: open } = await records.list({ prefix: linkPrefix, limit: maxLinks })
      return open.length >= maxLinks ? null : make(linkPrefix, linkMs)
    },
    async exchange(token) {
      return (await takeAway(nameOf(linkPrefix, token))) ? make(sessionPrefix, sessionMs) : null
    },
    check: async (secret) => (await records.get(nameOf(sessionPrefix, secret))) !== null,
    end: (secret) => takeAway(nameOf(sessionPrefix, secret)),
    async endAll() {
      let ended = 0
      for (const prefix of [linkPrefix, sessionPrefix]) {
        let after: string | null = ''
        while (after !== null) {
          const page: HubPage = await records.list({ prefix, limit: 100, ...(after === '' ? {} : { after }) })
          for (const { key } of page.records) if (await takeAway(key)) ended++
          after = page.next
        }
      }
      return ended
    },
  }
}
