/**
 * `show`: one entry, whole, with what others said of it.
 *
 * @module
 */
import { Command } from 'commander'
import { findEntry } from '../arguments.ts'
import { createNames, itemJson, itemLines } from '../item-view.ts'
import { help } from '../messages/index.ts'
import type { Run } from '../run.ts'
import { calmLine } from '../terminal-text.ts'

export function showCommand(run: Run): Command {
  return new Command('show')
    .description(help.show)
    .argument('<entry>', help.entry)
    .action((entry: string, _options: object, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const { output } = context
        const item = findEntry(peer, entry)
        const names = createNames(peer)
        const reactions = peer.query.reactions(item.identity, item.content)
        output.json({ ...itemJson(item, names), reactions })
        for (const line of itemLines(item, names, output.paint)) output.line(line)
        for (const { label, by } of reactions) {
          output.line(`  ${calmLine(label)}  ${by.map(names.label).join(', ')}`)
        }
        const facts = {
          entry: item.cid,
          content: item.content,
          author: item.identity,
          position: item.length,
          comparable: item.comparable,
        }
        for (const [name, value] of Object.entries(facts)) {
          output.line(output.paint('dim', `  ${name.padEnd(10)} ${value}`))
        }
      }),
    )
}
