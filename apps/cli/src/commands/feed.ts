/**
 * `feed …`: one's own feed for everybody or for some (spec X20 to X26).
 *
 * @module
 */
import type { Account } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { Command, Option } from 'commander'
import type { Context } from '../context.ts'
import { confirm } from '../input.ts'
import { createNames } from '../item-view.ts'
import { feedHelp as help, help as helpAll, feedSay as say } from '../messages/index.ts'
import { findPerson } from '../people.ts'
import type { Run } from '../run.ts'

export function feedCommand(run: Run): Command {
  return new Command('feed')
    .description(help.feed)
    .addCommand(privateCommand(run))
    .addCommand(publicCommand(run))
    .addCommand(shareCommand(run))
    .addCommand(unshareCommand(run))
    .addCommand(readersCommand(run))
}

interface PrivateOptions {
  readonly leaveOut?: boolean
  readonly yes?: boolean
}

function privateCommand(run: Run): Command {
  return new Command('private')
    .description(help.private)
    .argument('[id...]', help.people)
    .option('--leave-out', help.leaveOut)
    .option('--yes', helpAll.yes)
    .action((ids: readonly string[], options: PrivateOptions, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const to = ids.map((id) => findPerson(peer, id))
        await confirm(context, options.yes ?? false, 'Making a feed private', say.privatePlan)
        await peer.privateFeed.makePrivate({ to, leaveOut: options.leaveOut ?? false })
        tellState(context, peer)
        if (to.length > 0) context.output.note(say.given)
      }),
    )
}

function publicCommand(run: Run): Command {
  const keep = new Option('--keep <what>', help.keep).choices(['all', 'none']).makeOptionMandatory()
  return new Command('public')
    .description(help.public)
    .addOption(keep)
    .option('--yes', helpAll.yes)
    .action((options: { readonly keep: 'all' | 'none'; readonly yes?: boolean }, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const question = options.keep === 'all' ? say.publicAll : say.publicNone
        await confirm(context, options.yes ?? false, 'Making a private feed public', question)
        await peer.privateFeed.makePublic({ keep: options.keep })
        tellState(context, peer)
      }),
    )
}

function shareCommand(run: Run): Command {
  return new Command('share')
    .description(help.share)
    .argument('<id...>', help.people)
    .action((ids: readonly string[], _options: unknown, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        await peer.privateFeed.share(ids.map((id) => findPerson(peer, id)))
        tellState(context, peer)
        context.output.note(say.given)
      }),
    )
}

function unshareCommand(run: Run): Command {
  return new Command('unshare')
    .description(help.unshare)
    .argument('<id...>', help.people)
    .action((ids: readonly string[], _options: unknown, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        await peer.privateFeed.withdraw(ids.map((id) => findPerson(peer, id)))
        tellState(context, peer)
        context.output.note(say.taken)
      }),
    )
}

function readersCommand(run: Run): Command {
  return new Command('readers').description(help.readers).action((_options: unknown, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      tellState(context, peer)
    }),
  )
}

/** The same after each of them: what holds now. */
function tellState({ output }: Context, peer: Peer): void {
  const { isPrivate, isPending, readers } = peer.privateFeed.status()
  const head = peer.store.feed(peer.identity)?.record?.head ?? null
  output.json({
    private: isPrivate,
    pending: isPending,
    epoch: head?.epoch ?? null,
    readers: readers.map(({ account, isReached }) => ({ ...account, reached: isReached })),
  })
  output.line(isPrivate ? say.isPrivate : say.isPublic)
  if (isPending) output.note(say.isPending)
  if (!isPrivate) return
  const names = createNames(peer)
  const nameOf = ({ identity }: Account): string => names.label(identity)
  for (const { account, isReached } of readers) {
    output.line(isReached ? say.reader(nameOf(account)) : say.unreached(nameOf(account)))
  }
  if (readers.length === 0) output.line(say.readersNone)
}
