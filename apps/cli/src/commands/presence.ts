/**
 * `presence show | set`: who is here now, and who sees that this device is.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Peer, PresenceChoice, PresenceView } from '@effigy/peer'
import { Command } from 'commander'
import { findIdentity } from '../arguments.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { createNames } from '../item-view.ts'
import { help, presenceHelp, presenceSay as say } from '../messages/index.ts'
import { deadline, meetHubs } from '../network.ts'
import { type Run, wholeNumber } from '../run.ts'

interface ShowOptions {
  readonly watch?: boolean
  readonly timeout?: number
}

export function presenceCommand(run: Run): Command {
  return new Command('presence')
    .description(presenceHelp.presence)
    .addCommand(showCommand(run), { isDefault: true })
    .addCommand(setCommand(run))
}

function showCommand(run: Run): Command {
  return new Command('show')
    .description(presenceHelp.show)
    .option('--watch', presenceHelp.watch)
    .option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
    .action((options: ShowOptions, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        using limit = deadline(context, options.timeout ?? context.config.settings.timeout)
        await meetHubs(peer, context, limit.signal)
        // Friends are those who follow back: known when their feeds are.
        await peer.settled(limit.signal)
        tellView(context, peer, await peer.presence.settled(limit.signal))
        if (options.watch !== true) return
        for await (const view of peer.presence.watch(context.signal)) tellView(context, peer, view)
        context.signal.throwIfAborted()
      }),
    )
}

function setCommand(run: Run): Command {
  return new Command('set')
    .description(presenceHelp.set)
    .argument('<circle...>', presenceHelp.circles)
    .action((typed: readonly string[], _options: object, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        peer.presence.choose(choiceOf(peer, typed))
        tellChoice(context, peer)
      }),
    )
}

/** Throws `presence-alone`, and what `findIdentity` throws. */
function choiceOf(peer: Peer, typed: readonly string[]): Partial<PresenceChoice> {
  const [alone] = typed
  if (typed.length === 1 && alone === 'invisible') return { invisible: true }
  if (typed.length === 1 && alone === 'visible') return { invisible: false }
  if (typed.includes('invisible') || typed.includes('visible')) throw failure('presence-alone')
  const people = typed.filter((word) => word !== 'friends' && word !== 'room')
  return {
    friends: typed.includes('friends'),
    room: typed.includes('room'),
    list: people.map((one): Identity => findIdentity(peer, one)),
    invisible: false,
  }
}

function tellChoice({ output }: Context, peer: Peer): void {
  const { choice } = peer.presence
  const names = createNames(peer)
  output.json({ type: 'choice', ...choice })
  if (choice.invisible) {
    output.line(say.invisible)
    return
  }
  const circles = [
    ...(choice.friends ? [say.friends] : []),
    ...choice.list.map((one) => names.label(one)),
    ...(choice.room ? [say.room] : []),
  ]
  output.line(say.shown(circles.length === 0 ? say.nobodyElse : circles.join(say.and)))
}

function tellView(context: Context, peer: Peer, view: PresenceView): void {
  const { output, config } = context
  const names = createNames(peer)
  const hubName = (hub: Identity): string =>
    config.hubs.find(({ identity }) => identity === hub)?.address ?? names.label(hub)
  for (const one of view.here) {
    output.json({ type: 'here', ...one })
    output.line(say.here(names.label(one.identity), say.circles[one.circle], one.isConnected))
  }
  if (view.here.length === 0) output.note(say.nobody)
  for (const attempt of view.attempts) {
    output.json({ type: 'attempt', ...attempt })
    output.line(say.attempt(names.label(attempt.identity), attempt.count))
  }
  for (const { hub, code, count, at } of view.warnings) {
    output.json({ type: 'warning', hub, code, count, at })
    output.note(say.warning(hubName(hub), code, count))
  }
  for (const hub of view.hubs) output.json({ type: 'hub', ...hub })
  tellChoice(context, peer)
}
