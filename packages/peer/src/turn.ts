/**
 * Servers that WebRTC needs to get through NATs, from hubs that this device chose (spec V83).
 *
 *     iceServers ─▶ kept and fresh? ─no▶ call(hub, 'turn', 'servers') ─▶ kept until shortly before its end
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { type Clock, readTurnServers, type TurnServers, turnService } from '@effigy/sync'
import type { Peer } from './peer.ts'
import { untilAborted } from './rest.ts'

/** Of the form that `RTCPeerConnection` takes. */
export interface IceServer {
  readonly urls: readonly string[]
  readonly username?: string
  readonly credential?: string
}

export interface PeerTurn {
  /**
   * Of chosen hubs that are connected, 3 at most; good for two minutes at least, or half of their time. None where no
   * hub gives any within 5 s: then only a direct way can be tried. Rejects with the signal's reason alone.
   */
  iceServers(signal: AbortSignal): Promise<readonly IceServer[]>
}

export interface TurnPorts {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  /** Chosen hubs that give names for a relay now. */
  readonly hubs: () => readonly Identity[]
  readonly call: Peer['call']
  /** When it aborts, nothing is asked any more. */
  readonly signal: AbortSignal
}

interface Kept {
  readonly server: IceServer
  /** `clock.monotonic()` from which on another one is asked for. */
  readonly until: number
}

/** More only slow WebRTC down. */
const maxHubs = 3

/** Ms: a hub that does not answer holds nobody up. */
const patienceMs = 5_000

/** Ms that a call takes to be set up, with the other side's answer. */
const setUpMs = 120_000

export function createTurn({ clock, hubs, call, signal: stop }: TurnPorts): PeerTurn {
  const kept = new Map<Identity, Kept>()
  /** One question to a hub at a time. */
  const asked = new Map<Identity, Promise<IceServer | null>>()

  function fresh(hub: Identity): IceServer | null {
    const known = kept.get(hub)
    return known !== undefined && clock.monotonic() < known.until ? known.server : null
  }

  async function ask(hub: Identity): Promise<IceServer | null> {
    const patience = new AbortController()
    using _timer = clock.after(patienceMs, () => patience.abort(new Error('no answer')))
    const at = clock.monotonic()
    try {
      const signal = AbortSignal.any([stop, patience.signal])
      const answer = await call(hub, turnService, 'servers', {}, { signal })
      const servers = answer.ok ? readTurnServers(answer.value.value) : null
      if (servers === null) return null
      const ms = servers.seconds * 1_000
      const server = iceServer(servers)
      kept.set(hub, { server, until: at + Math.max(ms - setUpMs, ms / 2) })
      return server
    } catch (cause) {
      if (stop.aborted || patience.signal.aborted) return null
      throw cause
    }
  }

  function serverOf(hub: Identity): Promise<IceServer | null> {
    const known = fresh(hub)
    if (known !== null) return Promise.resolve(known)
    const open = asked.get(hub)
    if (open !== undefined) return open
    const answer = ask(hub).finally(() => asked.delete(hub))
    asked.set(hub, answer)
    return answer
  }

  return {
    async iceServers(signal) {
      signal.throwIfAborted()
      const chosen = hubs().slice(0, maxHubs)
      // Of hubs that are there no more nothing is kept.
      for (const hub of kept.keys()) if (!chosen.includes(hub)) kept.delete(hub)
      const given = await untilAborted(Promise.all(chosen.map(serverOf)), signal)
      return given.filter((server) => server !== null)
    },
  }
}

function iceServer({ urls, login }: TurnServers): IceServer {
  return login === null ? { urls } : { urls, username: login.user, credential: login.password }
}
