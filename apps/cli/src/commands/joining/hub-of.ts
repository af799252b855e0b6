/**
 * Which hub is meant, and a connection to it.
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import { explainConnection, type Peer } from '@effigy/peer'
import type { ServiceRefusal } from '@effigy/sync'
import type { Context } from '../../context.ts'
import { exitCode, exitCodeOf } from '../../exit-codes.ts'
import { CommandFailure, failure } from '../../failure.ts'
import { type HubAddress, parseHubAddress } from '../../hub-address.ts'
import { joiningErrors } from '../../messages/index.ts'
import { calmLine } from '../../terminal-text.ts'

/** One of the list: the one that is typed, or the only one. Throws `hub-unknown`, `no-hub`, `which-hub`. */
export function hubOf({ config }: Context, typed: string | undefined): HubAddress {
  const { hubs } = config
  const address = typed === undefined ? null : (parseHubAddress(typed)?.address ?? typed)
  const [first, second] = address === null ? hubs : hubs.filter((hub) => hub.address === address)
  if (first === undefined)
    throw address === null ? failure('no-hub') : failure('hub-unknown', calmLine(address))
  if (second !== undefined) throw failure('which-hub')
  return first
}

/** Resolves with who is there. Rejects as `Connection.ready` does. */
export async function connectTo(
  peer: Peer,
  { address, identity }: HubAddress,
  signal: AbortSignal,
): Promise<Identity> {
  return await peer.connect(address, { expect: identity }).ready(signal)
}

/** The hub's reason as an error for people. What it calls a reason may be anything. */
export function refused({ code }: ServiceRefusal): EffigyError {
  const [what, advice] = joiningErrors[code] ?? []
  if (what !== undefined && advice !== undefined) return new CommandFailure(code, { what, advice })
  if (exitCodeOf(code) !== exitCode.bug) return new EffigyError(code, explainConnection(code))
  return failure('joining-refused', calmLine(code))
}
