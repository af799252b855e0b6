/**
 * Passkeys as locks of a vault (spec K14): WebAuthn's PRF extension gives 32 bytes that only the passkey knows.
 *
 *     registerPasskey ─▶ PasskeySecret ─port▶ vault.create, vault.putLock
 *     vault.locks ─▶ evaluatePasskey ─▶ PasskeySecret ─port▶ vault.unlock
 *
 * No server takes part: what the passkey signs is of no interest, so the challenge is thrown away.
 *
 * @module
 */
import { EffigyError, encodeBase64url, err, ok, parseBase64url, type Result, utf8 } from '@effigy/core'
import type { PasskeySecret } from '../browser/vault-locks.ts'

export type { PasskeySecret } from '../browser/vault-locks.ts'

export interface RegisterPasskeyOptions {
  /** The app's, as the browser shows it. */
  readonly app: string
  /** Whose passkey, as the browser and its list of passkeys show it. */
  readonly label: string
  /** Credential ids (base64url) of those that open the vault already: none is made on the same authenticator. */
  readonly existing: readonly string[]
  readonly signal: AbortSignal
}

/**
 * `passkey-unsupported`: no passkeys here, or of a kind that gives no secret; `passkey-refused`: by the person, or nobody
 * answered in time, which browsers do not tell apart; `passkey-exists`: this authenticator has one of them.
 */
export interface PasskeyFault {
  readonly code: 'passkey-unsupported' | 'passkey-refused' | 'passkey-exists'
}

/** What the secret is made for: other uses of the same passkey get other secrets. */
const salt = utf8('effigy/vault-passkey/1') as Uint8Array<ArrayBuffer>

const secretBytes = 32

/** Until a person has found their security key, ms. */
const timeoutMs = 120_000

/** ES256, EdDSA, RS256: no authenticator knows none of them. */
const algorithms = [-7, -8, -257]

/** Whether it is worth offering. An authenticator may turn out to have none of it all the same. */
export async function canHavePasskeys(): Promise<boolean> {
  if (globalThis.PublicKeyCredential === undefined || isAddress(location.hostname)) return false
  try {
    const capabilities = await PublicKeyCredential.getClientCapabilities?.()
    return capabilities?.['extension:prf'] !== false
  } catch {
    return true
  }
}

/** Passkeys belong to names: a hub that is opened by its number has none. */
function isAddress(hostname: string): boolean {
  return /^[\d.]+$|^\[/.test(hostname)
}

/** Makes a passkey; some authenticators ask the person twice. Rejects with the signal's reason. */
export async function registerPasskey(
  options: RegisterPasskeyOptions,
): Promise<Result<PasskeySecret, PasskeyFault>> {
  const { app, label, existing, signal } = options
  const made = await asked(signal, () =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: app },
        // A new one each time: it takes the place of no other.
        user: { id: random(), name: label, displayName: label },
        challenge: random(),
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: descriptors(existing),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        extensions: { prf: { eval: { first: salt } } },
        timeout: timeoutMs,
      },
      signal,
    }),
  )
  if (!made.ok) return made
  const { prf } = made.value.getClientExtensionResults()
  const secret = secretOf(made.value)
  if (secret !== null) return ok(secret)
  if (prf?.enabled === true) return evaluatePasskey([encodeBase64url(rawId(made.value))], signal)
  await forgetPasskey(encodeBase64url(rawId(made.value)))
  return err({ code: 'passkey-unsupported' })
}

/** Asks for one of these credentials (ids in base64url). Rejects with the signal's reason. */
export async function evaluatePasskey(
  credentials: readonly string[],
  signal: AbortSignal,
): Promise<Result<PasskeySecret, PasskeyFault>> {
  if (credentials.length === 0) return err({ code: 'passkey-refused' })
  const shown = await asked(signal, () =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(),
        allowCredentials: descriptors(credentials),
        // Always: with and without, a passkey has two different secrets.
        userVerification: 'required',
        extensions: { prf: { eval: { first: salt } } },
        timeout: timeoutMs,
      },
      signal,
    }),
  )
  if (!shown.ok) return shown
  const secret = secretOf(shown.value)
  return secret === null ? err({ code: 'passkey-unsupported' }) : ok(secret)
}

async function asked(
  signal: AbortSignal,
  ask: () => Promise<Credential | null>,
): Promise<Result<PublicKeyCredential, PasskeyFault>> {
  signal.throwIfAborted()
  if (globalThis.PublicKeyCredential === undefined) return err({ code: 'passkey-unsupported' })
  let credential: Credential | null
  try {
    credential = await ask()
  } catch (cause) {
    signal.throwIfAborted()
    const name = cause instanceof DOMException ? cause.name : null
    if (name === 'NotAllowedError') return err({ code: 'passkey-refused' })
    if (name === 'InvalidStateError') return err({ code: 'passkey-exists' })
    if (name !== null) return err({ code: 'passkey-unsupported' })
    throw new EffigyError('passkey', 'The browser could not ask for a passkey.', { cause })
  }
  return credential instanceof PublicKeyCredential ? ok(credential) : err({ code: 'passkey-refused' })
}

function secretOf(credential: PublicKeyCredential): PasskeySecret | null {
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (first === undefined) return null
  const secret = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
    : new Uint8Array(first)
  return secret.length === secretBytes ? { credential: encodeBase64url(rawId(credential)), secret } : null
}

/** Tells the list of passkeys that nobody has a use for this one (its id in base64url), where the browser can. */
export async function forgetPasskey(credential: string): Promise<void> {
  const options = { rpId: location.hostname, credentialId: credential }
  await PublicKeyCredential.signalUnknownCredential?.(options).catch(() => {})
}

const rawId = ({ rawId: id }: PublicKeyCredential): Uint8Array => new Uint8Array(id)

function descriptors(credentials: readonly string[]): PublicKeyCredentialDescriptor[] {
  return credentials.flatMap((credential) => {
    const id = parseBase64url(credential)
    return id === null ? [] : [{ type: 'public-key' as const, id: id as Uint8Array<ArrayBuffer> }]
  })
}

function random(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32))
}
