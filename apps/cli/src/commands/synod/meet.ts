/**
 * Reaching the other devices of an account: by the address of one that listens, and through the hubs.
 *
 * @module
 */
import type { Peer } from '@effigy/peer'
import { Option } from 'commander'
import type { Context } from '../../context.ts'
import { explain, failure } from '../../failure.ts'
import { parseHubAddress } from '../../hub-address.ts'
import { synodHelp as help } from '../../messages/index.ts'
import { type MetHub, meetHubs } from '../../network.ts'
import { gather } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'

export interface MeetOptions {
  readonly at?: readonly string[]
}

export const atOption = (): Option => new Option('--at <address>', help.at).argParser(gather)

/**
 * Connects to the addresses that were given, which must answer, and to the hubs, which need not where an address is
 * given. Throws `bad-address`, `no-hub`, `unreachable`, `hub-refused`, and what `Connection.ready` rejects with.
 */
export async function meetDevices(
  peer: Peer,
  context: Context,
  { at = [] }: MeetOptions,
  signal: AbortSignal,
): Promise<readonly MetHub[]> {
  const addresses = at.map((typed) => {
    const parsed = parseHubAddress(typed)
    if (parsed === null) throw failure('bad-address', calmLine(typed))
    return parsed
  })
  const dialled = addresses.map(({ address, identity }) => peer.connect(address, { expect: identity }))
  const isAlone = addresses.length === 0
  const hubs = isAlone || context.config.hubs.length > 0 ? await met(peer, context, isAlone, signal) : []
  await Promise.all(dialled.map((connection) => connection.ready(signal)))
  return hubs
}

/** As far as it goes: who is not reached now comes, or does not matter. */
export async function tryToMeet(
  peer: Peer,
  context: Context,
  options: MeetOptions,
  signal: AbortSignal,
): Promise<void> {
  if ((options.at ?? []).length === 0 && context.config.hubs.length === 0) return
  try {
    await meetDevices(peer, context, options, signal)
  } catch (error) {
    signal.throwIfAborted()
    context.output.note(explain(error)?.text ?? String(error))
  }
}

async function met(
  peer: Peer,
  context: Context,
  isNeeded: boolean,
  signal: AbortSignal,
): Promise<readonly MetHub[]> {
  try {
    return await meetHubs(peer, context, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isNeeded) throw error
    return []
  }
}
