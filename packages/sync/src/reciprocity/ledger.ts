/**
 * Who gave us how much, and who took how much (spec G5): our own count, coarse on purpose.
 *
 *     bytes served ─▶ given        bytes that we asked for ─▶ taken        operator ─▶ granted
 *                        credit = taken + granted − given
 *
 * Kept in memory, saved now and then; what a crash loses is a minute of counting. Nobody is ever told.
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import type { Account, AccountTable } from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

export interface LedgerPorts {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly log: Pick<Log, 'warn'>
  /** Null: nothing outlives the process. */
  readonly table: AccountTable | null
  /** Accounts kept; 4,096 when omitted. */
  readonly limit?: number
}

export interface Ledger extends Disposable {
  /** We sent it so many bytes of what it asked for. */
  gave(identity: Identity, bytes: number): void
  /** It sent us so many bytes that we asked for, or were new. */
  took(identity: Identity, bytes: number): void
  /** An operator's credit, on top of what was granted before; bytes from 1. Throws what the table throws. */
  grant(identity: Identity, bytes: number): void
  /** Bytes; below 0 for who took more. Unknown ones have 0. */
  credit(identity: Identity): number
  /** Null: nothing was given, taken or granted. */
  account(identity: Identity): Account | null
  readonly size: number
}

/** 80 bytes a row in memory and on disk. */
const defaultLimit = 4_096

/** Ms of counting that a crash may lose. */
const saveEveryMs = 60_000

/** Given and taken count half after so long, ms: nobody pays for ever, nobody rests on old merits. */
const halfLifeMs: number = 30 * 24 * 60 * 60 * 1000

const creditOf = ({ given, taken, granted }: Account): number => taken + granted - given

/**
 * Reads what `table` kept, and throws what that throws. Later on a table that cannot be written is warned of, and tried again with the
 * next change. Disposing it saves.
 */
export function createLedger({ clock, log, table, limit = defaultLimit }: LedgerPorts): Ledger {
  const accounts = new Map<Identity, Account>()
  const changed = new Set<Identity>()
  const gone = new Set<Identity>()
  let timer: Disposable | null = null
  let isOver = false
  for (const account of table?.all() ?? []) accounts.set(account.identity, account)

  /** One halving at a time: a clock that jumps by years is no reason to forget everybody. */
  function aged(account: Account): Account {
    const now = clock.now()
    if (now < account.since) return { ...account, since: now }
    if (now - account.since < halfLifeMs) return account
    return {
      ...account,
      given: Math.floor(account.given / 2),
      taken: Math.floor(account.taken / 2),
      since: now,
    }
  }

  /** Whoever is worth least to us: without a grant, of the least credit; debts are forgiven, for strangers start at nothing too. */
  function makeRoom(): void {
    let least: Account | null = null
    for (const account of accounts.values()) {
      if (account.granted > 0) continue
      const worth = Math.max(0, creditOf(account))
      if (least === null || worth < Math.max(0, creditOf(least))) least = account
      if (worth === 0) break
    }
    if (least === null) return
    accounts.delete(least.identity)
    changed.delete(least.identity)
    gone.add(least.identity)
  }

  function change(identity: Identity, add: { given?: number; taken?: number; granted?: number }): void {
    const known = accounts.get(identity)
    if (known === undefined && accounts.size >= limit) makeRoom()
    if (known === undefined && accounts.size >= limit) return
    const before = known ?? { identity, given: 0, taken: 0, granted: 0, since: clock.now() }
    const { given, taken, granted, since } = aged(before)
    accounts.set(identity, {
      identity,
      given: safeSum(given, add.given ?? 0),
      taken: safeSum(taken, add.taken ?? 0),
      granted: safeSum(granted, add.granted ?? 0),
      since,
    })
    changed.add(identity)
    gone.delete(identity)
    if (table !== null && !isOver) timer ??= clock.after(saveEveryMs, saveQuietly)
  }

  function save(): void {
    timer?.[Symbol.dispose]()
    timer = null
    if (changed.size + gone.size === 0) return
    const rows = [...changed].flatMap((identity) => accounts.get(identity) ?? [])
    table?.save(rows, gone)
    changed.clear()
    gone.clear()
  }

  /** A full disk is no reason to stop: it is tried again with the next change. */
  function saveQuietly(): void {
    try {
      save()
    } catch (cause) {
      if (!(cause instanceof EffigyError)) throw cause
      log.warn('ledger.unsaved', { code: cause.code })
    }
  }

  return {
    gave: (identity, bytes) => change(identity, { given: bytes }),
    took: (identity, bytes) => change(identity, { taken: bytes }),
    grant(identity, bytes) {
      change(identity, { granted: bytes })
      save()
    },
    credit(identity) {
      const account = accounts.get(identity)
      return account === undefined ? 0 : creditOf(account)
    },
    account: (identity) => accounts.get(identity) ?? null,
    get size() {
      return accounts.size
    },
    [Symbol.dispose]() {
      if (!isOver) saveQuietly()
      isOver = true
    },
  }
}

/** Adds up to 2^53 − 1 and no further. */
function safeSum(a: number, b: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, a + Math.max(0, Math.floor(b)))
}
