/**
 * The relay as a service (spec V80-V83): addresses of STUN and TURN servers, and a name that is good there for a while.
 *
 *     servers {} ─▶ {urls, user, password, seconds}
 *
 * @module
 */
import { type Identity, type JsonObject, ok, type Result } from '@effigy/core'
import { parseIceUrl } from './ice-url.ts'
import type { Service, ServiceRefusal } from './service.ts'

export interface TurnServers {
  /** 1 to 8, each as `parseIceUrl` takes it. */
  readonly urls: readonly string[]
  /** Null where no address is a relay's: nobody needs a name to ask for their own address. */
  readonly login: { readonly user: string; readonly password: string } | null
  /** For so long a new way may be opened with it, from now on. */
  readonly seconds: number
}

export const turnService = 'turn'

/** In one answer. */
export const maxIceUrls = 8

const maxSeconds = 86_400

/** `give`: a name for whoever asks, or why there is none now. */
export function createTurnService({
  isFor,
  give,
}: {
  readonly isFor: Service['isFor']
  readonly give: (remote: Identity) => Result<TurnServers, ServiceRefusal>
}): Service {
  return {
    name: turnService,
    isFor,
    methods: {
      async servers({ remote }) {
        const given = give(remote)
        return given.ok ? ok({ value: writeTurnServers(given.value) }) : given
      },
    },
  }
}

function writeTurnServers({ urls, login, seconds }: TurnServers): JsonObject {
  return { urls, user: login?.user ?? null, password: login?.password ?? null, seconds }
}

/** Null unless it is exactly that: it is handed to WebRTC. */
export function readTurnServers({ urls, user, password, seconds }: JsonObject): TurnServers | null {
  if (!Array.isArray(urls) || urls.length === 0 || urls.length > maxIceUrls) return null
  const parsed = urls.map((url) => (typeof url === 'string' ? parseIceUrl(url) : null))
  if (parsed.includes(null)) return null
  if (!Number.isSafeInteger(seconds) || (seconds as number) < 1 || (seconds as number) > maxSeconds)
    return null
  const login = isWord(user) && isWord(password) ? { user, password } : null
  if (login === null && (user !== null || password !== null)) return null
  const isRelay = parsed.some((url) => url?.scheme === 'turn' || url?.scheme === 'turns')
  if (isRelay !== (login !== null)) return null
  return { urls: urls as readonly string[], login, seconds: seconds as number }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,128}$/.test(value)
}
