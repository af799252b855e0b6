/**
 * A short address (`alice@hub.example`) of the old hub, at the new one (spec W20, W21).
 *
 * @module
 */
import { EffigyError, type Hub, type Identity, parseAlias, writeAlias } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'

export interface WantedAlias {
  /** At the old hub. */
  readonly before: string
  /** At the new one. */
  readonly alias: string
  readonly name: string
}

/** Null: there was none, or the new hub gave it already. */
export function aliasFor(aliases: readonly string[], [, from]: Hub, [, to]: Hub): WantedAlias | null {
  for (const before of aliases) {
    const parsed = parseAlias(before)
    if (parsed === null || parsed.host !== aliasHost(from)) continue
    const alias = writeAlias({ name: parsed.name, host: aliasHost(to) })
    return aliases.includes(alias) ? null : { before, alias, name: parsed.name }
  }
  return null
}

/** Throws an `EffigyError` with the hub's code. */
export async function claimAt(
  peer: Pick<RemotePeer, 'joining'>,
  hub: Identity,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const told = await peer.joining.claimAlias(hub, name, signal)
  if (!told.ok) throw new EffigyError(told.error.code, 'the hub does not give that name')
}

/** With the port of the hub unless that is the one of https. */
function aliasHost(url: string): string {
  const { host, port, protocol } = new URL(url)
  return protocol === 'ws:' && port === '' ? `${host}:80` : host
}
