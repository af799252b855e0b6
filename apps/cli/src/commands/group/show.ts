/**
 * `group list` and `group show`.
 *
 * @module
 */
import type { GroupPersonView, GroupReaderView, Peer } from '@effigy/peer'
import { Command } from 'commander'
import type { Context } from '../../context.ts'
import { createNames } from '../../item-view.ts'
import { groupHelp as help, groupSay as say } from '../../messages/index.ts'
import type { Run } from '../../run.ts'
import { calmLine, calmText } from '../../terminal-text.ts'
import { findGroup, groupJson } from './find.ts'

export function listCommand(run: Run): Command {
  return new Command('list').description(help.list).action((_options: object, command: Command) =>
    run(command, async ({ output, ...context }) => {
      await using peer = await context.openPeer()
      await peer.groups.settled()
      const groups = peer.groups.list()
      for (const group of groups) {
        output.json(groupJson(peer, group))
        const about = [say.count(group.members.length), say.role[group.role]].join(', ')
        output.line(
          `${output.paint('bold', calmLine(group.name))}  ${group.id}  ${output.paint('dim', about)}`,
        )
      }
      if (groups.length === 0) output.note(say.none)
    }),
  )
}

export function showCommand(run: Run): Command {
  return new Command('show')
    .description(help.show)
    .argument('<group>', help.one)
    .action((typed: string, _options: object, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        tellGroup(context, peer, (await findGroup(peer, typed)).id)
      }),
    )
}

/** All that is known of it, for people and programs. */
export function tellGroup({ output }: Context, peer: Peer, id: string): void {
  const group = peer.groups.show(id)
  if (group === null) return
  output.json(groupJson(peer, group))
  output.line(`${output.paint('bold', calmLine(group.name))}  ${group.id}`)
  if (group.about !== '') output.line(calmText(group.about))
  output.line(say.role[group.role])
  if (!group.history) output.line(say.noHistory)
  const readers = peer.groups.readers(id)
  const names = createNames(peer)
  for (const person of group.members) {
    const reader = readers.find(
      ({ identity, root }) => (root ?? identity) === (person.root ?? person.identity),
    )
    const told = [roleOf(person), keyOf(reader)].filter((part) => part !== '').join(', ')
    output.line(`  ${names.label(person.identity)}${told === '' ? '' : `  ${output.paint('dim', told)}`}`)
  }
  if (group.waiting > 0) output.note(say.waiting(group.waiting))
}

const roleOf = ({ role, isHeir }: GroupPersonView): string => (isHeir ? say.heir : say.roleOf[role])

function keyOf(reader: GroupReaderView | undefined): string {
  if (reader === undefined || reader.hasKey) return ''
  return reader.devices === null ? say.unknownDevices : say.withoutKey
}
