/**
 * `alias claim | release | list`: names that hubs give, which the own profile lists too (spec W21).
 *
 * @module
 */
import { isAliasName, writeAlias } from '@effigy/core'
import type { NodePeer } from '@effigy/peer/node'
import { Command } from 'commander'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { joiningHelp, joiningSay as say } from '../../messages/index.ts'
import { profileOf, saveProfile } from '../../profile.ts'
import type { Run } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { refused } from './hub-of.ts'
import { atHub, timed } from './invite.ts'

interface AliasOptions {
  readonly timeout?: number
}

export function aliasCommand(run: Run): Command {
  return new Command('alias')
    .description(joiningHelp.alias)
    .addCommand(changeCommand(run, 'claim', joiningHelp.aliasClaim))
    .addCommand(changeCommand(run, 'release', joiningHelp.aliasRelease))
    .addCommand(listCommand(run))
}

function changeCommand(run: Run, verb: 'claim' | 'release', described: string): Command {
  return timed(
    new Command(verb)
      .description(described)
      .argument('<name>', joiningHelp.name)
      .argument('[hub]', joiningHelp.hub),
  ).action((name: string, typed: string | undefined, { timeout }: AliasOptions, command: Command) =>
    run(command, (context) => {
      if (!isAliasName(name)) throw failure('bad-name', calmLine(name))
      return atHub(context, typed, timeout, async (peer, hub, { address, signal }) => {
        const alias = aliasAt(name, address)
        const { joining } = peer
        const told = await (verb === 'claim'
          ? joining.claimAlias(hub, name, signal)
          : joining.releaseAlias(hub, name, signal))
        if (!told.ok && !(verb === 'release' && told.error.code === 'absent')) throw refused(told.error)
        await list(peer, context, alias, verb === 'claim')
        await peer.settled(signal)
        if (!told.ok) throw refused({ code: 'not-yours', retryMs: null })
        context.output.json({ alias, [verb === 'claim' ? 'claimed' : 'released']: true })
        context.output.line(verb === 'claim' ? say.claimed(alias) : say.released(alias))
        if (verb === 'claim' && address.startsWith('ws:') && !isLoopback(address))
          context.output.note(say.plain)
      })
    }),
  )
}

function listCommand(run: Run): Command {
  return timed(
    new Command('list').description(joiningHelp.aliasList).argument('[hub]', joiningHelp.hub),
  ).action((typed: string | undefined, { timeout }: AliasOptions, command: Command) =>
    run(command, (context) =>
      atHub(context, typed, timeout, async (peer, hub, { address, signal }) => {
        const names = await peer.joining.aliases(hub, signal)
        if (!names.ok) throw refused(names.error)
        const own = profileOf(peer.query, peer.identity)?.aliases ?? []
        for (const name of names.value) {
          const alias = aliasAt(calmLine(name), address)
          context.output.json({ alias, listed: own.includes(alias) })
          context.output.line(own.includes(alias) ? alias : say.unlisted(alias))
        }
        if (names.value.length === 0) context.output.note(say.noAliases)
      }),
    ),
  )
}

/** The own profile lists it, or no longer. */
async function list(peer: NodePeer, { io }: Context, alias: string, isListed: boolean): Promise<void> {
  const before = profileOf(peer.query, peer.identity)?.aliases ?? []
  if (before.includes(alias) === isListed) return
  const aliases = isListed ? [...before, alias] : before.filter((each) => each !== alias)
  await saveProfile(peer, io.clock.now(), { aliases })
}

/** As others write it (W20): with the port of the hub unless that is the one of https. */
function aliasAt(name: string, address: string): string {
  const { host, port, protocol } = new URL(address)
  const plainPort = protocol === 'ws:' && port === '' ? ':80' : ''
  return writeAlias({ name, host: `${host}${plainPort}` })
}

function isLoopback(address: string): boolean {
  return /^(?:localhost|127\.|\[::1\])/.test(new URL(address).hostname)
}
