/**
 * Who may administrate: the key, or the session of a one-time link. Whatever is wrong, the answer is the same, as late.
 *
 *     request ─host known? nobody listens in? own origin?▶ key or session ─right?▶ Asker
 *                                                                         └ wrong ─pace▶ 401, after a while
 *
 * A page of somebody else can make a browser send a session's cookie (forgery), and can point a name of its own at this
 * hub (DNS rebinding): so `Origin` has to be there and ours, and `Host` a name that we know or no name at all.
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'
import { addressKey } from '@effigy/links/node'
import { type Clock, createPaces, type Log } from '@effigy/sync'
import type { Answer } from '../http/answer.ts'
import type { Asked } from '../http/asked.ts'
import { adminJson } from './answers.ts'
import { isKey } from './key.ts'
import type { Asker } from './operation.ts'
import type { AdminSessions } from './sessions.ts'

export const cookieName = 'effigy-admin'

/** Ms after which a refusal leaves, counted from when the request came: nothing of what was looked at shows in it. */
export const refusalMs = 250

/** Wrong keys, links and sessions from one address, at once and a minute. */
export const failureBurst = 10
const failuresPerMinute = 6

/** Addresses whose failures are remembered; those longest silent go first. */
const addressesKept = 4_096

export interface Gate {
  check(asked: Asked): Promise<Result<Asker, Answer>>
  /** The same for whoever has neither yet, and shows the secret of a link. */
  exchange(asked: Asked, token: string): Promise<Result<string, Answer>>
  /** Of the session that the request names; null: it names none. */
  cookieOf(asked: Asked): string | null
  /** Before anything is read of it. Null: nothing speaks against it. */
  refusal(asked: Asked): Answer | null
}

export interface GateDeps {
  readonly key: Uint8Array
  readonly sessions: AdminSessions
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly log: Log
  /** Names by which the hub is known, lower case, without port: of `publicUrl`, of its certificates. */
  readonly hosts: () => readonly string[]
}

export function createGate({ key, sessions, clock, log, hosts }: GateDeps): Gate {
  const failures = createPaces({
    perSecond: failuresPerMinute / 60,
    burst: failureBurst,
    kept: addressesKept,
    clock,
  })

  async function refuse(asked: Asked, sinceMs: number): Promise<Answer> {
    const mayAgain = failures(addressKey(asked.address)) === 0
    await wait(Math.max(0, sinceMs + refusalMs - clock.monotonic()))
    // At the pace of failures: nobody fills the disk with lines.
    if (mayAgain) log.warn('admin.refused', { reason: 'unauthorized' })
    return mayAgain
      ? adminJson(401, {
          error: 'unauthorized',
          message:
            'A right key, or a link that nobody has used and that is not older than ten minutes, is needed.',
        })
      : adminJson(429, { error: 'too-fast', message: 'Too many wrong ones. Wait a minute.' })
  }

  function wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    clock.after(ms, resolve)
    return promise
  }

  function refusal(asked: Asked): Answer | null {
    const { host = '', origin, 'sec-fetch-site': site } = asked.headers
    if (!isKnownHost(host, hosts())) {
      return adminJson(421, {
        error: 'wrong-host',
        message:
          'The hub is not known by that name. Use the name of its publicUrl, or an address in numbers.',
      })
    }
    if (!asked.isSecure && !asked.isLocal) {
      return adminJson(403, {
        error: 'plain-http',
        message:
          'Over plain http anybody on the way could read the key. Use https, or the machine of the hub itself. If the key was sent, make another: remove the file admin-key from the home of the hub, and start it again.',
      })
    }
    const isForeign = origin !== undefined && origin !== ownOrigin(asked)
    if (isForeign || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
      return adminJson(403, {
        error: 'wrong-origin',
        message: 'A page of somebody else asks. That is not answered.',
      })
    }
    return null
  }

  return {
    refusal,
    cookieOf,
    async check(asked) {
      const sinceMs = clock.monotonic()
      const { authorization, origin } = asked.headers
      const bearer = /^Bearer +(\S{1,128})$/i.exec(authorization ?? '')?.[1]
      if (bearer !== undefined && isKey(key, bearer)) return ok({ type: 'key' })
      const cookie = cookieOf(asked)
      // Browsers say where a POST comes from; who does not is none, and has no cookies by accident.
      if (bearer === undefined && cookie !== null && origin !== undefined && (await sessions.check(cookie))) {
        return ok({ type: 'session' })
      }
      return err(await refuse(asked, sinceMs))
    },
    async exchange(asked, token) {
      const sinceMs = clock.monotonic()
      const secret = await sessions.exchange(token)
      if (secret !== null) return ok(secret)
      return err(await refuse(asked, sinceMs))
    },
  }
}

/** Scheme, host and port as the browser sees them. */
function ownOrigin({ headers, isSecure }: Asked): string {
  return `${isSecure ? 'https' : 'http'}://${(headers.host ?? '').toLowerCase()}`
}

function cookieOf({ headers }: Asked): string | null {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === cookieName && value !== undefined) return value
  }
  return null
}

/** An address in numbers cannot be rebound; a name can, so it has to be one of ours. */
function isKnownHost(host: string, known: readonly string[]): boolean {
  const [, name] = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::\d{1,5})?$/.exec(host.toLowerCase()) ?? []
  if (name === undefined) return false
  const isNumbers = name.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)
  return isNumbers || name === 'localhost' || known.includes(name)
}
