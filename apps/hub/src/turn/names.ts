/**
 * Names for the relay: coturn counts by name, so nobody may have many (spec V81, V82; T19).
 *
 *     identity ─▶ its name of the last five minutes, or a new one ─▶ coturn sees `expiry:random`, and nobody's identity
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { err, type Identity, ok, type Result } from '@effigy/core'
import type { Clock, ServiceRefusal } from '@effigy/sync'
import { type TurnName, turnName } from './credentials.ts'

/** How long a name opens ways, ms. */
export const turnNameMs: number = 10 * 60_000

/** A name with less than that is not given again, ms: so nobody has more than two at a time. */
const renewMs: number = turnNameMs / 2

export interface TurnNames {
  /** `seconds`: for how long it is good yet. Refused with `busy` when too many are good already. */
  give(identity: Identity): Result<TurnName & { readonly seconds: number }, ServiceRefusal>
  /** Good ones. */
  readonly count: number
}

export interface TurnNamesPorts {
  readonly secret: string
  readonly clock: Pick<Clock, 'now'>
  readonly isNewcomer: (identity: Identity) => boolean
  /** Good ones at once. */
  readonly maxNames: number
  /** Those of newcomers among them. */
  readonly maxOfNewcomers: number
}

interface Given {
  readonly identity: Identity
  readonly name: TurnName
  /** Ms of the clock that coturn reads too. */
  readonly expiresAt: number
}

export function createTurnNames(ports: TurnNamesPorts): TurnNames {
  const { secret, clock, isNewcomer, maxNames, maxOfNewcomers } = ports
  /** The oldest first. */
  const good = new Set<Given>()
  /** Those that were given to newcomers, in the same order. */
  const ofNewcomers = new Set<Given>()
  const latest = new Map<Identity, Given>()

  function forget(now: number): void {
    for (const given of good) {
      if (isGoodFor(given, 0, now)) break
      good.delete(given)
      ofNewcomers.delete(given)
      if (latest.get(given.identity) === given) latest.delete(given.identity)
    }
  }

  return {
    give(identity) {
      const now = clock.now()
      forget(now)
      const before = latest.get(identity)
      if (before !== undefined && isGoodFor(before, renewMs, now)) return ok(answer(before, now))
      const isNew = isNewcomer(identity)
      const full =
        good.size >= maxNames ? good : isNew && ofNewcomers.size >= maxOfNewcomers ? ofNewcomers : null
      if (full !== null) {
        const [oldest] = full
        return err({ code: 'busy', retryMs: Math.max(1_000, (oldest?.expiresAt ?? now) - now) })
      }
      const expiresAt = (Math.floor(now / 1_000) + turnNameMs / 1_000) * 1_000
      const name = turnName(secret, expiresAt, randomBytes(16).toString('base64url'))
      const given: Given = { identity, name, expiresAt }
      good.add(given)
      if (isNew) ofNewcomers.add(given)
      latest.set(identity, given)
      return ok(answer(given, now))
    },
    get count() {
      forget(clock.now())
      return good.size
    },
  }
}

/** One from a time that the clock has left again would be good for longer than any may be: it does not count. */
function isGoodFor({ expiresAt }: Given, ms: number, now: number): boolean {
  return expiresAt - now > ms && expiresAt - now <= turnNameMs
}

function answer({ name, expiresAt }: Given, now: number): TurnName & { readonly seconds: number } {
  return { ...name, seconds: Math.max(1, Math.floor((expiresAt - now) / 1_000)) }
}
