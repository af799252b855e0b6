/**
 * `invite create | list | revoke`: asks others to a hub.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HeldInvite } from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import { Command } from 'commander'
import type { Context } from '../../context.ts'
import { localDay } from '../../item-view.ts'
import { help, joiningHelp, joiningSay as say } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { qrFor } from '../../qr.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { connectTo, hubOf, refused } from './hub-of.ts'

interface InviteOptions {
  readonly count?: number
  readonly days?: number
  readonly timeout?: number
}

const dayMs: number = 24 * 60 * 60 * 1000

export function inviteCommand(run: Run): Command {
  return new Command('invite')
    .description(joiningHelp.invite)
    .addCommand(createCommand(run))
    .addCommand(listCommand(run))
    .addCommand(revokeCommand(run))
}

function createCommand(run: Run): Command {
  return timed(new Command('create').description(joiningHelp.inviteCreate).argument('[hub]', joiningHelp.hub))
    .option('--count <people>', joiningHelp.count, wholeNumber(1, 100))
    .option('--days <days>', joiningHelp.days, wholeNumber(1, 30))
    .action((typed: string | undefined, { count = 1, days = 7, timeout }: InviteOptions, command: Command) =>
      run(command, (context) =>
        atHub(context, typed, timeout, async (peer, hub, { signal, address }) => {
          const made = await peer.joining.invite(hub, { url: address, count, lastsMs: days * dayMs, signal })
          if (!made.ok) throw refused(made.error)
          const { link, token, invite } = made.value
          const { output, io } = context
          output.json({ link, token, count: invite.count, until: invite.until })
          output.note(say.made(invite.count, localDay(invite.until)))
          const drawn = qrFor(io.stdout, link)
          if (drawn !== null) output.note(drawn)
          output.line(link)
        }),
      ),
    )
}

function listCommand(run: Run): Command {
  return timed(
    new Command('list').description(joiningHelp.inviteList).argument('[hub]', joiningHelp.hub),
  ).action((typed: string | undefined, { timeout }: InviteOptions, command: Command) =>
    run(command, (context) =>
      atHub(context, typed, timeout, async (peer, hub, { signal }) => {
        const held = await peer.joining.invites(hub, signal)
        if (!held.ok) throw refused(held.error)
        for (const invite of held.value) {
          context.output.json({ ...invite })
          const { token, used, count } = invite
          context.output.line(say.row(calmLine(token), used, count, stateOf(invite, context.io.clock.now())))
        }
        if (held.value.length === 0) context.output.note(say.noInvites)
      }),
    ),
  )
}

function revokeCommand(run: Run): Command {
  return timed(
    new Command('revoke')
      .description(joiningHelp.inviteRevoke)
      .argument('<token>', joiningHelp.token)
      .argument('[hub]', joiningHelp.hub),
  ).action((token: string, typed: string | undefined, { timeout }: InviteOptions, command: Command) =>
    run(command, (context) =>
      atHub(context, typed, timeout, async (peer, hub, { signal }) => {
        const revoked = await peer.joining.revoke(hub, token, signal)
        if (!revoked.ok) throw refused(revoked.error)
        context.output.json({ token, revoked: true })
        context.output.line(say.wasRevoked)
      }),
    ),
  )
}

export function timed(command: Command): Command {
  return command.option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
}

export interface AtHub {
  /** Of its WebSocket. */
  readonly address: string
  readonly signal: AbortSignal
}

/** Connected to one hub of the list, which has all that is ours. */
export async function atHub(
  context: Context,
  typed: string | undefined,
  timeout: number | undefined,
  work: (peer: NodePeer, hub: Identity, at: AtHub) => Promise<void>,
): Promise<void> {
  const hub = hubOf(context, typed)
  await using peer = await context.openPeer()
  using limit = deadline(context, timeout ?? context.config.settings.timeout)
  const { signal } = limit
  const identity = await connectTo(peer, hub, signal)
  await peer.settled(signal)
  await work(peer, identity, { address: hub.address, signal })
}

function stateOf({ until, count, used, revoked }: HeldInvite, now: number): string {
  if (revoked) return say.revoked
  if (used >= count) return say.usedUp
  return now < until ? say.good(localDay(until)) : say.over(localDay(until))
}
