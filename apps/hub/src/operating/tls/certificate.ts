/**
 * A certificate and its key, as they are handed to TLS: only those that belong together and count now.
 *
 *     PEM, PEM ─▶ Certificate │ why not
 *
 * @module
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { err, ok, type Result } from '@effigy/core'

/** Checked: the key is that of the first certificate, which counts at the time of the check. */
export interface Certificate {
  /** With those that it is signed with, PEM. */
  readonly cert: string
  /** PEM. */
  readonly key: string
  /** When it begins and ends, ms since 1970. */
  readonly beginsMs: number
  readonly endsMs: number
}

export interface CertificateFault {
  readonly code: 'tls-no-certificate' | 'tls-no-key' | 'tls-other-key' | 'tls-expired' | 'tls-refused'
  /** Completes "… of tlsCert": says nothing of what stands in the key. */
  readonly message: string
}

const fault = (code: CertificateFault['code'], message: string): Result<never, CertificateFault> =>
  err({ code, message })

export function readCertificate(
  cert: string,
  key: string,
  nowMs: number,
): Result<Certificate, CertificateFault> {
  const first = parseCertificate(cert)
  if (first === null)
    return fault('tls-no-certificate', 'it is no certificate in PEM (-----BEGIN CERTIFICATE-----)')
  const secret = parseKey(key)
  if (secret === null) {
    return fault(
      'tls-no-key',
      'its key is no private key in PEM, or has a passphrase: take that off, and make the file readable by the hub alone',
    )
  }
  if (!first.checkPrivateKey(secret)) return fault('tls-other-key', 'its key belongs to another certificate')
  const [beginsMs, endsMs] = [first.validFromDate.getTime(), first.validToDate.getTime()]
  // One that begins later is for those who connect to judge: machines without a clock of their own start in the past.
  if (endsMs <= nowMs) return fault('tls-expired', `it ended on ${dayOf(endsMs)}: renew it`)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    // A key that is too short, say. The code alone: what OpenSSL says may quote.
    return fault(
      'tls-refused',
      `TLS does not take it (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    )
  }
  return ok({ cert, key, beginsMs, endsMs })
}

/** Whether it is for that name. */
export function isFor({ cert }: Pick<Certificate, 'cert'>, name: string): boolean {
  return parseCertificate(cert)?.checkHost(name) !== undefined
}

function parseCertificate(pem: string): X509Certificate | null {
  try {
    return pem.includes('-----BEGIN') ? new X509Certificate(pem) : null
  } catch {
    return null
  }
}

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
