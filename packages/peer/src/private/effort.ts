/**
 * What opening the texts of one account may cost us (spec X8): whoever floods us delays his own texts, and nobody else's.
 *
 *     spend(account, units) ─▶ isSpent(account) until enough has come back
 *
 * @module
 */
import type { Clock } from '@effigy/sync'

/** One unit is one X25519 agreement: some 0.1 ms. */
export interface Effort {
  /** It has cost more than it may: what it wrote waits. */
  isSpent(account: string): boolean
  /** What one text cost, known afterwards: it may go below nothing. */
  spend(account: string, units: number): void
}

/** For an account that was not heard of for a while: about two seconds. */
const burstUnits = 16_384

/** What comes back: one part in 20 of one core. */
const unitsPerSecond = 512

/** Accounts of which it is remembered; the one that was met first is forgotten, and starts anew. */
const maxAccounts = 4_096

export function createEffort(clock: Pick<Clock, 'monotonic'>): Effort {
  const accounts = new Map<string, { units: number; atMs: number }>()

  function unitsOf(account: string): { units: number } {
    const nowMs = clock.monotonic()
    const known = accounts.get(account) ?? { units: burstUnits, atMs: nowMs }
    known.units = Math.min(burstUnits, known.units + ((nowMs - known.atMs) / 1_000) * unitsPerSecond)
    known.atMs = nowMs
    accounts.set(account, known)
    for (const oldest of accounts.keys()) {
      if (accounts.size <= maxAccounts) break
      accounts.delete(oldest)
    }
    return known
  }

  return {
    isSpent: (account) => unitsOf(account).units <= 0,
    spend(account, units) {
      unitsOf(account).units -= units
    },
  }
}
