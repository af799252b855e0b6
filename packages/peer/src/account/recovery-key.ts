/**
 * The account's recovery key on the device where its words were typed (spec Z32, D4, Y15).
 *
 *     words ─▶ X25519 key ─age, to this device▶ setting ─▶ opens the past, over restarts ─all is here▶ wiped
 *
 * Kept no longer than the past takes to come: whoever steals a device that still has it reads what is sealed to the
 * account later, too, until it has other words.
 *
 * @module
 */
import {
  encodeBase64url,
  equalBytes,
  type Identity,
  type JsonObject,
  parseBase64url,
  parseStrictJson,
} from '@effigy/core'
import { type AgreementKey, type Crypto, openAge, sealAge } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'

export interface RecoveryKeys extends Disposable {
  /** What texts that are sealed to the account are opened with, besides this device's own key. */
  readonly all: readonly AgreementKey[]
  /** Durable when it resolves. */
  keep(secret: Uint8Array): Promise<void>
}

export interface RecoveryKeyPorts {
  readonly store: Pick<Store, 'setting' | 'saveSetting'>
  readonly crypto: Crypto
  readonly identity: Identity
  readonly boxKey: AgreementKey
  /** Of the device before this one (K16). */
  readonly formerBoxKeys?: readonly AgreementKey[]
  readonly clock: Pick<Clock, 'now' | 'after'>
  /** All that own devices wrote is here and judged. */
  readonly isWhole: () => boolean
}

/** How long it is here. */
interface Age {
  /** Counted up to then; wall clock, ms. */
  readonly since: number
  readonly countedMs: number
}

/** At least: what friends sealed to the account comes behind what its own devices wrote. */
const leastMs = 24 * 60 * 60_000

/** At most, whatever is missing still. */
const mostMs = 30 * leastMs

const lookEveryMs = 60 * 60_000

/** What counts between two looks, of the wall clock: one that was years behind, and is put right, ends nothing (T24). */
const mostBetweenMs = 24 * 60 * 60_000

const setting = 'recovery-key'
const context = 'state'

export async function openRecoveryKeys(ports: RecoveryKeyPorts): Promise<RecoveryKeys> {
  const { store, crypto, identity, boxKey, formerBoxKeys = [], clock, isWhole } = ports
  const keys: AgreementKey[] = []
  let timer: Disposable | null = null

  function look(): void {
    const text = store.setting(setting)
    const before = ageIn(text)
    if (before === null) return
    const now = clock.now()
    const countedMs = before.countedMs + Math.min(Math.max(0, now - before.since), mostBetweenMs)
    // A day that went by in one leap is not believed before the next look.
    if ((before.countedMs >= leastMs && isWhole()) || countedMs >= mostMs) {
      store.saveSetting(setting, null)
      keys.length = 0
      return
    }
    store.saveSetting(setting, JSON.stringify({ ...read(text), since: now, countedMs }))
    timer?.[Symbol.dispose]()
    timer = clock.after(lookEveryMs, look)
  }

  /** Durable when it resolves. */
  async function save(secret: Uint8Array, age: Age): Promise<void> {
    const body = encodeBase64url(secret)
    const sealed = await sealAge({ from: identity, context, body, recipients: [boxKey.publicKey], crypto })
    // One recipient of one's own, and 43 characters.
    if (sealed.ok) store.saveSetting(setting, JSON.stringify({ ...age, sealed: sealed.value }))
  }

  const text = store.setting(setting)
  let kept = await secretIn(text, [boxKey], crypto)
  if (kept === null && formerBoxKeys.length > 0) {
    kept = await secretIn(text, formerBoxKeys, crypto)
    // Those stand open beside a lock (K16): this one is not to.
    if (kept !== null) await save(kept, ageIn(text) ?? { since: clock.now(), countedMs: 0 })
  }
  if (kept !== null) keys.push(await crypto.agreementKey(kept))
  look()

  return {
    all: keys,
    async keep(secret) {
      const key = await crypto.agreementKey(secret)
      if (!keys.some(({ publicKey }) => equalBytes(publicKey, key.publicKey))) keys.push(key)
      await save(secret, { since: clock.now(), countedMs: 0 })
      look()
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
    },
  }
}

async function secretIn(
  text: string | null,
  by: readonly AgreementKey[],
  crypto: Crypto,
): Promise<Uint8Array | null> {
  const sealed = read(text)?.sealed
  if (typeof sealed !== 'string') return null
  const note = await openAge(sealed, by, crypto)
  // Of another device's key: a store that was copied to another home.
  const secret = note.ok && typeof note.value.body === 'string' ? parseBase64url(note.value.body) : null
  return secret?.length === 32 ? secret : null
}

function ageIn(text: string | null): Age | null {
  const { since, countedMs } = read(text) ?? {}
  // Stores of before have the moment alone at which it came.
  return typeof since === 'number'
    ? { since, countedMs: typeof countedMs === 'number' ? countedMs : 0 }
    : null
}

/** Nobody else writes it. */
function read(
  text: string | null,
): { readonly since?: unknown; readonly countedMs?: unknown; readonly sealed?: unknown } | null {
  const parsed = parseStrictJson(text ?? 'null')
  return parsed.ok ? (parsed.value as JsonObject | null) : null
}
