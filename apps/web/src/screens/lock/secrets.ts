/**
 * What opens a lock, asked of the person: a passphrase as typed, or a passkey of this browser.
 *
 * @module
 */
import type { LockName, LockSecret } from '@effigy/crypto/browser'
import { evaluatePasskey, forgetPasskey, type PasskeySecret, registerPasskey } from '@effigy/crypto/page'

/** As the browser's own windows show it. */
const app = 'Effigy'

export const credentialsOf = (locks: readonly LockName[]): readonly string[] =>
  locks.flatMap((lock) => (lock.type === 'passkey' ? [lock.credential] : []))

export const hasPassphrase = (locks: readonly LockName[]): boolean =>
  locks.some(({ type }) => type === 'passphrase')

/** Throws the fault of the passkey. */
export async function askPasskey(locks: readonly LockName[], signal: AbortSignal): Promise<LockSecret> {
  const asked = await evaluatePasskey(credentialsOf(locks), signal)
  if (!asked.ok) throw asked.error
  return asked.value
}

/** A new one, of whom `label` says. Throws the fault of the passkey. */
export async function makePasskey(
  locks: readonly LockName[],
  label: string,
  signal: AbortSignal,
): Promise<PasskeySecret> {
  const made = await registerPasskey({ app, label, existing: credentialsOf(locks), signal })
  if (!made.ok) throw made.error
  return made.value
}

/** Makes one and puts it to use. Where that is refused, no list of passkeys keeps one that opens nothing. */
export async function putPasskey<Put extends { readonly ok: boolean }>(
  made: Promise<PasskeySecret>,
  put: (passkey: LockSecret) => Promise<Put>,
): Promise<Put> {
  const passkey = await made
  const result = await put(passkey)
  if (!result.ok) await forgetPasskey(passkey.credential)
  return result
}

/** Throws the error of a result. */
export function demandOk(
  result: { readonly ok: true } | { readonly ok: false; readonly error: unknown },
): void {
  if (!result.ok) throw result.error
}
