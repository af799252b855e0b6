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

/** At least: what friends sealed to the account comes behind what its own devices wrote. Wall clock, ms. */
const leastMs = 24 * 60 * 60_000

/** At most, whatever is missing still. */
const mostMs = 30 * leastMs

const lookEveryMs = 60 * 60_000

const setting = 'recovery-key'
const context = 'state'

export async function openRecoveryKeys(ports: RecoveryKeyPorts): Promise<RecoveryKeys> {
  const { store, crypto, identity, boxKey, formerBoxKeys = [], clock, isWhole } = ports
  const keys: AgreementKey[] = []
  let timer: Disposable | null = null

  function look(): void {
    const text = store.setting(setting)
    const since = keptSince(text)
    if (since === null) return
    const ageMs = clock.now() - since
    // A clock that was ahead then: it counts from now.
    if (ageMs < 0) store.saveSetting(setting, JSON.stringify({ ...read(text), since: clock.now() }))
    if ((ageMs >= leastMs && isWhole()) || ageMs > mostMs) {
      store.saveSetting(setting, null)
      keys.length = 0
      return
    }
    timer?.[Symbol.dispose]()
    timer = clock.after(lookEveryMs, look)
  }

  /** Durable when it resolves. */
  async function save(secret: Uint8Array, since: number): Promise<void> {
    const body = encodeBase64url(secret)
    const sealed = await sealAge({ from: identity, context, body, recipients: [boxKey.publicKey], crypto })
    // One recipient of one's own, and 43 characters.
    if (sealed.ok) store.saveSetting(setting, JSON.stringify({ since, sealed: sealed.value }))
  }

  const text = store.setting(setting)
  let kept = await secretIn(text, [boxKey], crypto)
  if (kept === null && formerBoxKeys.length > 0) {
    kept = await secretIn(text, formerBoxKeys, crypto)
    // Those stand open beside a lock (K16): this one is not to.
    if (kept !== null) await save(kept, keptSince(text) ?? clock.now())
  }
  if (kept !== null) keys.push(await crypto.agreementKey(kept))
  look()

  return {
    all: keys,
    async keep(secret) {
      const key = await crypto.agreementKey(secret)
      if (!keys.some(({ publicKey }) => equalBytes(publicKey, key.publicKey))) keys.push(key)
      await save(secret, clock.now())
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

function keptSince(text: string | null): number | null {
  const since = read(text)?.since
  return typeof since === 'number' ? since : null
}

/** Nobody but `keep` writes it. */
function read(text: string | null): { readonly since?: unknown; readonly sealed?: unknown } | null {
  const parsed = parseStrictJson(text ?? 'null')
  return parsed.ok ? (parsed.value as JsonObject | null) : null
}
