/**
 * Meeting the configured hubs, and waiting until everything has come and gone.
 *
 *     config.json ─meetHubs▶ connections ─settle▶ PeerStatus
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Connection, ConnectionState, Peer, PeerStatus } from '@effigy/peer'
import { readConfigFile, saveConfigFile } from './config.ts'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import type { HubAddress } from './hub-address.ts'
import { say } from './messages/index.ts'

export interface MetHub {
  readonly connection: Connection
  readonly address: string
  /** Null when nobody answered. */
  readonly identity: Identity | null
}

/** A signal that also ends after so many seconds, with the error `timeout`. */
export function deadline(context: Context, seconds: number): Disposable & { readonly signal: AbortSignal } {
  const late = new AbortController()
  const timer = context.io.clock.after(seconds * 1_000, () => late.abort(failure('timeout', seconds)))
  return {
    signal: AbortSignal.any([context.signal, late.signal]),
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  }
}

/**
 * Dials every hub of the list at once and waits for the first attempt at each. A hub met for the
 * first time is pinned. Throws `no-hub`; `unreachable` or `hub-refused` when none can be used, unless others than hubs
 * will do.
 */
export async function meetHubs(
  peer: Peer,
  context: Context,
  signal: AbortSignal,
  { orOthers = false }: { readonly orOthers?: boolean } = {},
): Promise<readonly MetHub[]> {
  const { hubs } = context.config
  if (hubs.length === 0 && orOthers) return []
  if (hubs.length === 0) throw failure('no-hub')
  const dialled = hubs.map((hub) => {
    context.output.progress(say.connecting(hub.address), { done: 0, total: 0 })
    return { hub, connection: peer.connect(hub.address, { expect: hub.identity }) }
  })
  for await (const _status of peer.statuses(signal)) {
    if (dialled.every(({ connection }) => isDecided(connection.state))) break
  }
  signal.throwIfAborted()
  const met = dialled.map(({ hub, connection }) => ({
    connection,
    address: hub.address,
    identity: connection.state.type === 'connected' ? connection.state.identity : null,
  }))
  pin(context, met)
  for (const { address, connection } of met) {
    const code = troubleOf(connection.state)
    if (code !== null) context.output.note(say.unreached(address, code))
  }
  if (!orOthers && met.every(({ identity }) => identity === null)) throw nobody(met)
  return met
}

/**
 * Resolves when every hub that was met has given all it has, has all that is ours, and signatures
 * are checked. A cut in between is waited out: the connection comes back by itself.
 */
export async function settle(
  peer: Peer,
  context: Context,
  met: readonly MetHub[],
  signal: AbortSignal,
): Promise<PeerStatus> {
  const over = new AbortController()
  const watching = showProgress(peer, context, AbortSignal.any([signal, over.signal]))
  try {
    for (;;) {
      const status = await peer.settled(signal)
      if (met.every(({ identity, connection }) => identity === null || isUp(connection.state))) return status
      for await (const _status of peer.statuses(signal)) {
        if (met.some(({ connection }) => connection.state.type === 'refused')) throw nobody(met)
        if (met.every(({ identity, connection }) => identity === null || isUp(connection.state))) break
      }
      signal.throwIfAborted()
    }
  } finally {
    over.abort()
    await watching
    context.output.clear()
  }
}

async function showProgress(peer: Peer, context: Context, signal: AbortSignal): Promise<void> {
  const { output } = context
  let mostBehind = 0
  let mostUnverified = 0
  for await (const { behind, unverified, blobs } of peer.statuses(signal)) {
    mostBehind = Math.max(mostBehind, behind.entries)
    mostUnverified = Math.max(mostUnverified, unverified)
    if (behind.entries > 0) {
      output.progress(say.fetching, { done: mostBehind - behind.entries, total: mostBehind })
    } else if (unverified > 0) {
      output.progress(say.checking, { done: mostUnverified - unverified, total: mostUnverified })
    } else if (blobs.wanted > 0) {
      output.progress(say.files, { done: 0, total: blobs.wanted })
    }
  }
}

function pin(context: Context, met: readonly MetHub[]): void {
  const file = readConfigFile(context.home)
  let isNew = false
  const hubs = file.hubs.map((hub): HubAddress => {
    const identity = met.find(({ address }) => address === hub.address)?.identity ?? null
    if (hub.identity !== null || identity === null) return hub
    isNew = true
    context.output.note(say.pinned(hub.address, identity))
    return { address: hub.address, identity }
  })
  if (isNew) saveConfigFile(context.home, { ...file, hubs })
}

function nobody(met: readonly MetHub[]): Error {
  for (const { address, connection } of met) {
    if (connection.state.type === 'refused') return failure('hub-refused', address, connection.state.code)
  }
  return failure('unreachable', met.map(({ address }) => address).join(', '))
}

function isUp(state: ConnectionState): boolean {
  return state.type === 'connected'
}

/** The first attempt is over, one way or the other. */
function isDecided(state: ConnectionState): boolean {
  return state.type !== 'connecting' || state.attempt > 1
}

function troubleOf(state: ConnectionState): string | null {
  return state.type === 'waiting' || state.type === 'refused' ? state.code : null
}
