/**
 * How the connection to one hub is.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { type ConnectionState, parsePeerAddress } from '@effigy/peer'
import { useLive, useSync } from '@effigy/react'

export interface HubState {
  /** Null: it is not dialled at the moment. */
  readonly connection: ConnectionState | null
  readonly isConnected: boolean
  /** It has all that this device wrote. */
  readonly hasMine: boolean
  /** It does not keep what this device writes. */
  readonly keepsNothing: boolean
}

export function useHubState(hub: Identity): HubState {
  const status = useSync().value
  const places = useLive('delivery', 1).value?.places ?? []
  const keepsNothing = places.some(({ identity, state }) => identity === hub && state === 'unwanted')
  const session = status?.sessions.find(({ identity }) => identity === hub) ?? null
  const connection =
    status?.connections.find(({ address, state }) => {
      if (state.type === 'connected') return state.identity === hub
      const parsed = parsePeerAddress(address)
      return parsed.ok && parsed.value.expect === hub
    })?.state ?? null
  return { connection, isConnected: session !== null, hasMine: session?.hasMine === true, keepsNothing }
}
