/**
 * The plain port beside TLS: answers the certificate authority, and leads everybody else to https.
 *
 *     /.well-known/acme-challenge/TOKEN ─▶ what the authority looks for       anything else ─▶ 308 https://…
 *
 * @module
 */
import { type Answer, json } from '../../http/answer.ts'
import type { Asked } from '../../http/asked.ts'
import { originFor } from '../../http/origin.ts'

export interface PlainSources {
  /** What is shown to the authority now, by token. */
  readonly challenges: ReadonlyMap<string, string>
  readonly publicUrl: string | null
  /** `https://` and where the hub listens, for who names no host. */
  readonly listening: string
}

const challengePath = '/.well-known/acme-challenge/'

/** Connections at once: a redirect is one short answer. */
export const plainPlaces = { connections: 0, waiting: 256 } as const

export function answerPlain({ challenges, publicUrl, listening }: PlainSources, asked: Asked): Answer {
  const { method, target, headers } = asked
  if (method !== 'GET' && method !== 'HEAD') {
    const refused = json(405, { error: 'https-needed' })
    return { ...refused, headers: { ...refused.headers, Allow: 'GET, HEAD' } }
  }
  if (target.startsWith(challengePath)) {
    const shown = challenges.get(target.slice(challengePath.length))
    return shown === undefined
      ? json(404, { error: 'not-found' })
      : { status: 200, type: 'application/octet-stream', body: shown }
  }
  const location = secureOrigin() + (/^\/(?!\/)[\x21-\x7e]*$/.test(target) ? target : '/')
  return { status: 308, type: 'text/plain; charset=utf-8', body: '', headers: { Location: location } }

  function secureOrigin(): string {
    if (publicUrl !== null) return publicUrl
    const { port } = new URL(listening)
    const { hostname } = new URL(
      originFor(headers, { publicUrl, isSecure: true, trustProxy: false, listening }),
    )
    return `https://${hostname}${port === '' ? '' : `:${port}`}`
  }
}
