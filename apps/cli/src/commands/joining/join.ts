/**
 * `hub join LINK`: comes to a hub with an invite.
 *
 *     link ─parse, signature▶ shown to the hub ─joined▶ in the list of hubs ─▶ whoever invited is offered to be followed
 *
 * @module
 */
import { codeMessages, EffigyError, type InviteCode, parseInviteCode } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { type Peer, wholeFeed } from '@effigy/peer'
import { Command } from 'commander'
import { readConfigFile, saveConfigFile } from '../../config.ts'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { parseHubAddress } from '../../hub-address.ts'
import { askPerson, canAsk, readText } from '../../input.ts'
import { createNames } from '../../item-view.ts'
import { help, joiningHelp, joiningSay as say, say as sayAll } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { connectTo, refused } from './hub-of.ts'

interface JoinOptions {
  readonly follow?: boolean
  readonly timeout?: number
}

export function joinCommand(run: Run): Command {
  return new Command('join')
    .description(joiningHelp.join)
    .argument('<link>', joiningHelp.link)
    .option('--follow', joiningHelp.joinFollow)
    .option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
    .action((typed: string, options: JoinOptions, command: Command) =>
      run(command, async (context) => {
        const invite = readInvite(context, await readText(context, typed))
        const hub = parseHubAddress(invite.url)
        if (hub === null) throw failure('bad-address', calmLine(invite.url))
        await using peer = await context.openPeer()
        using limit = deadline(context, options.timeout ?? context.config.settings.timeout)
        const { signal } = limit
        const joined = await peer.joining.join(invite, { signal })
        if (!joined.ok) throw refused(joined.error)
        const file = readConfigFile(context.home)
        const others = file.hubs.filter(({ address }) => address !== hub.address)
        saveConfigFile(context.home, { ...file, hubs: [...others, { ...hub, identity: invite.hub }] })
        const { from, name, account } = invite
        const inviter = from === invite.hub ? null : (account?.synod ?? from)
        context.output.json({
          ...{ address: hub.address, identity: invite.hub },
          inviter: inviter === null ? null : { identity: inviter, root: account?.root ?? null, name },
        })
        context.output.line(say.joined(hub.address))
        if (inviter === null) return
        const who = calmLine(name).trim() === '' ? say.somebody : calmLine(name)
        const wants =
          options.follow ?? (canAsk(context) && (await askPerson(context, say.ask(who), context.signal)))
        if (wants) await followInviter(peer, context, invite, signal)
        else {
          context.output.line(say.offer(who, `effigy follow ${inviter}`))
        }
      }),
    )
}

/** Throws `code-…`. One that is over by the clock here is shown all the same: the hub decides. */
function readInvite({ io, output }: Context, text: string): InviteCode {
  const { sha256 } = createNodeCrypto()
  const read = parseInviteCode(text, { nowMs: io.clock.now(), sha256 })
  if (read.ok) return read.value
  if (read.error.code !== 'code-expired')
    throw new EffigyError(read.error.code, codeMessages[read.error.code])
  output.note(say.late)
  return read.error.late
}

async function followInviter(
  peer: Peer,
  context: Context,
  { hub, url, from, account }: InviteCode,
  signal: AbortSignal,
): Promise<void> {
  await connectTo(peer, { address: url, identity: hub }, signal)
  const found = account === null ? from : await peer.joining.findAccount(account, { signal })
  if (found === null) {
    context.output.note(say.notFound(`effigy follow ${account?.synod ?? from}`))
    return
  }
  const { cid, content } = await peer.relate('follow', found, true, wholeFeed)
  context.output.json({ kind: 'follow', identity: found, value: true, entry: cid, content })
  context.output.line(sayAll.following(createNames(peer).label(found), true))
  await peer.settled(signal)
}
