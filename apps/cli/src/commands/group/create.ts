/**
 * `group create`.
 *
 * @module
 */
import { Command } from 'commander'
import { groupHelp as help, groupSay as say } from '../../messages/index.ts'
import { findPerson } from '../../people.ts'
import { gather, type Run } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { groupJson } from './find.ts'

interface CreateOptions {
  readonly about?: string
  readonly history: boolean
  readonly invite?: readonly string[]
}

export function createCommand(run: Run): Command {
  return new Command('create')
    .description(help.create)
    .argument('<name>', help.name)
    .option('--about <text>', help.about)
    .option('--no-history', help.noHistory)
    .option('--invite <id>', help.inviteOption, gather)
    .action((name: string, { about = '', history, invite = [] }: CreateOptions, command: Command) =>
      run(command, async ({ output, ...context }) => {
        await using peer = await context.openPeer()
        await peer.groups.settled()
        const members = invite.map((typed) => ({ identity: findPerson(peer, typed) }))
        const id = await peer.groups.create({ name, about, history, members })
        const group = peer.groups.show(id)
        if (group !== null) output.json(groupJson(peer, group))
        output.line(say.created(calmLine(name), id))
        output.note(say.syncSoon)
      }),
    )
}
