/**
 * TLS by the hub itself: its certificate, and the plain port that leads to it.
 *
 *     tls files │ acme ─▶ keeper ─▶ http.use(certificate)
 *                 httpPort ─▶ plain-server.ts
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { Clock, Log } from '@effigy/sync'
import type { HubConfig } from '../../config/options.ts'
import { acmeName, plainPortOf } from '../../config/together.ts'
import { createHttpServer, type HttpServer, listen } from '../../http/server.ts'
import { keepAcmeCertificate } from './acme.ts'
import { type CertificateKeeper, keepCertificateFiles } from './keeper.ts'
import { answerPlain, plainPlaces } from './plain-server.ts'

export interface Tls {
  /** When the certificate ends, ms since 1970; null: there is none yet. */
  readonly endsMs: number | null
  /** Of the plain port, or null where there is none. */
  readonly plainPort: number | null
  /** Looks at the files now, or tries again at the authority. */
  reload(): void
  /** The plain port takes nobody any more, nothing is renewed. */
  stop(): void
  /** Waits for what is left of the plain port. */
  close(): Promise<void>
}

export interface TlsDeps {
  readonly http: Pick<HttpServer, 'use'>
  /** Where the hub listens, once it does. */
  readonly listening: () => string
  readonly clock: Clock
  readonly log: Log
}

/** Null: `tls` is off. Rejects with `EffigyError` 'tls-…', or when the plain port does not open. */
export async function openTls(config: HubConfig, deps: TlsDeps): Promise<Tls | null> {
  const { tls, host, publicUrl, tlsCert, tlsKey } = config
  if (tls === 'off') return null
  const { http, clock, log } = deps
  const challenges = new Map<string, string>()
  const port = plainPortOf(config)
  const files = tls === 'files' ? openFiles() : null
  let plain: HttpServer | null = null
  let plainPort: number | null = null
  if (port !== null) {
    const isSecure = false
    plain = createHttpServer({
      ...{ places: plainPlaces, trustProxy: false, isSecure, clock, log },
      answer: (asked) => answerPlain({ challenges, publicUrl, listening: deps.listening() }, asked),
    })
    try {
      plainPort = await listen(plain, { host, port })
    } catch (error) {
      files?.[Symbol.dispose]()
      throw error
    }
  }
  let keeper: CertificateKeeper
  try {
    keeper = files ?? openAcme()
  } catch (error) {
    plain?.refuse()
    throw error
  }

  function openFiles(): CertificateKeeper {
    const named = { cert: tlsCert ?? '', key: tlsKey ?? '' }
    const name = publicUrl === null ? null : new URL(publicUrl).hostname
    return keepCertificateFiles({ files: named, name, use: http.use, clock, log })
  }

  function openAcme(): CertificateKeeper {
    const { home, acmeEmail: email, acmeDirectory: directory } = config
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
    const name = acmeName(publicUrl) ?? ''
    return keepAcmeCertificate({
      home,
      name,
      email,
      directory,
      challenges,
      use: http.use,
      clock,
      random,
      log,
    })
  }

  return {
    get endsMs() {
      return keeper.current?.endsMs ?? null
    },
    plainPort,
    reload: keeper.reload,
    stop() {
      keeper[Symbol.dispose]()
      plain?.refuse()
    },
    close: async () => await plain?.close(),
  }
}
