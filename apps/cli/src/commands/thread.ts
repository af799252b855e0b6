/**
 * `thread`: an entry and the answers to it, oldest first.
 *
 * @module
 */
import { Command } from 'commander'
import { findEntry } from '../arguments.ts'
import { createNames } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import { printItem, printItems } from '../print-items.ts'
import { type Run, wholeNumber } from '../run.ts'

export function threadCommand(run: Run): Command {
  return new Command('thread')
    .description(help.thread)
    .argument('<entry>', help.entry)
    .option('--limit <n>', help.limit, wholeNumber(1, 1_000_000))
    .action((entry: string, options: { readonly limit?: number }, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const item = findEntry(peer, entry)
        printItem(context, item, createNames(peer))
        const ask = (page: Parameters<typeof peer.query.thread>[2]) =>
          peer.query.thread(item.identity, item.content, page)
        await printItems(context, peer, options.limit, ask, say.noAnswers)
      }),
    )
}
