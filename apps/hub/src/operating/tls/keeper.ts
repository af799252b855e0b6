/**
 * The certificate that counts now, wherever it comes from.
 *
 *     files.ts: looked at every 30 s, and on SIGHUP ─┐
 *     acme.ts: got, renewed ─────────────────────────┴▶ use(certificate) ─▶ new connections have it, open ones go on
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Clock, Log } from '@effigy/sync'
import { type Certificate, isFor } from './certificate.ts'
import { type CertificateFiles, readCertificateFiles, stampOf } from './files.ts'

export interface CertificateKeeper extends Disposable {
  /** Null: there is none yet. */
  readonly current: Certificate | null
  /** Looks, or tries again, now instead of later. Never throws: what fails is logged, and the one before goes on. */
  reload(): void
}

export interface FileKeeperDeps {
  readonly files: CertificateFiles
  /** Name that the world knows; null where nobody said. */
  readonly name: string | null
  readonly use: (certificate: Certificate) => void
  readonly clock: Pick<Clock, 'after' | 'now'>
  readonly log: Log
}

/** Ms between two looks at the files. */
export const lookMs = 30_000

/** Ms before the end of a certificate from which on it is told of, once a day. */
const endsSoonMs: number = 7 * 24 * 60 * 60 * 1000

const dayMs: number = 24 * 60 * 60 * 1000

/** Throws `EffigyError` 'tls-…' when it cannot be used: at the start that is worth a stop. */
export function keepCertificateFiles({ files, name, use, clock, log }: FileKeeperDeps): CertificateKeeper {
  let stamp = stampOf(files)
  let current = readCertificateFiles(files, clock.now())
  let told = Number.NEGATIVE_INFINITY
  take(current)

  function take(certificate: Certificate): void {
    current = certificate
    use(certificate)
    const days = Math.floor((certificate.endsMs - clock.now()) / dayMs)
    log.info('tls.certificate', { days })
    if (name !== null && !isFor(certificate, name)) log.warn('tls.other-name', {})
  }

  function reload(): void {
    const seen = stampOf(files)
    try {
      const certificate = readCertificateFiles(files, clock.now())
      stamp = seen
      if (certificate.cert !== current.cert || certificate.key !== current.key) take(certificate)
    } catch (error) {
      if (!(error instanceof EffigyError)) throw error
      // Half of two files that are being replaced: looked at again, also when nothing changes any more.
      stamp = 'again'
      log.warn('tls.not-used', { code: error.code })
    }
  }

  function look(): void {
    timer = clock.after(lookMs, look)
    if (stampOf(files) !== stamp) reload()
    const nowMs = clock.now()
    if (current.endsMs - nowMs > endsSoonMs || Math.abs(nowMs - told) < dayMs) return
    told = nowMs
    log.warn('tls.ends-soon', { hours: Math.floor((current.endsMs - nowMs) / (60 * 60 * 1000)) })
  }

  let timer = clock.after(lookMs, look)
  return {
    get current() {
      return current
    },
    reload,
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  }
}
