/**
 * `group invite | role | rename | remove | leave`.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { GroupView, Peer } from '@effigy/peer'
import { Argument, Command } from 'commander'
import type { Context } from '../../context.ts'
import { createNames } from '../../item-view.ts'
import { help as common, groupHelp as help, groupSay as say } from '../../messages/index.ts'
import { findPerson } from '../../people.ts'
import type { Run } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { findGroup, groupJson } from './find.ts'

export function inviteCommand(run: Run): Command {
  return new Command('invite')
    .description(help.invite)
    .argument('<group>', help.one)
    .argument('<id...>', common.people)
    .option('--admin', help.admin)
    .action(
      (typed: string, ids: readonly string[], options: { readonly admin?: boolean }, command: Command) =>
        change(run, command, typed, async (peer, group) => {
          const identities = ids.map((id) => findPerson(peer, id))
          const role = options.admin === true ? 'admin' : 'member'
          await peer.groups.invite(
            group.id,
            identities.map((identity) => ({ identity, role })),
          )
          return say.invited(namesOf(peer, identities), calmLine(group.name))
        }),
    )
}

export function roleCommand(run: Run): Command {
  return new Command('role')
    .description(help.role)
    .argument('<group>', help.one)
    .argument('<id>', common.person)
    .addArgument(new Argument('<role>', help.roleName).choices(['admin', 'member']))
    .action((typed: string, id: string, role: 'admin' | 'member', _options: object, command: Command) =>
      change(run, command, typed, async (peer, group) => {
        await peer.groups.role(group.id, findPerson(peer, id), role)
        return say.changed
      }),
    )
}

export function renameCommand(run: Run): Command {
  return new Command('rename')
    .description(help.rename)
    .argument('<group>', help.one)
    .argument('<name>', help.name)
    .action((typed: string, name: string, _options: object, command: Command) =>
      change(run, command, typed, async (peer, group) => {
        await peer.groups.set(group.id, { name })
        return say.changed
      }),
    )
}

export function removeCommand(run: Run): Command {
  return new Command('remove')
    .description(help.remove)
    .argument('<group>', help.one)
    .argument('<id...>', common.people)
    .action((typed: string, ids: readonly string[], _options: object, command: Command) =>
      change(run, command, typed, async (peer, group) => {
        const identities = ids.map((id) => findPerson(peer, id))
        await peer.groups.remove(group.id, identities)
        return say.removed(namesOf(peer, identities), calmLine(group.name))
      }),
    )
}

export function leaveCommand(run: Run): Command {
  return new Command('leave')
    .description(help.leave)
    .argument('<group>', help.one)
    .action((typed: string, _options: object, command: Command) =>
      change(run, command, typed, async (peer, group) => {
        await peer.groups.leave(group.id)
        return say.left(calmLine(group.name))
      }),
    )
}

/** Changes a group, and tells how it is then. */
function change(
  run: Run,
  command: Command,
  typed: string,
  work: (peer: Peer, group: GroupView) => Promise<string>,
): Promise<void> {
  return run(command, async ({ output, ...context }: Context) => {
    await using peer = await context.openPeer()
    const group = await findGroup(peer, typed)
    const said = await work(peer, group)
    const now = peer.groups.show(group.id)
    if (now !== null) output.json(groupJson(peer, now))
    output.line(said)
    output.note(say.syncSoon)
  })
}

function namesOf(peer: Peer, identities: readonly Identity[]): string {
  const names = createNames(peer)
  return identities.map(names.label).join(', ')
}
