/**
 * `timeline`: what the people one follows wrote, newest first; with `--follow`, also what comes.
 *
 * @module
 */

import type { NodePeer } from '@effigy/peer/node'
import type { Item } from '@effigy/store'
import { Command } from 'commander'
import type { Context } from '../context.ts'
import { createNames } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import { meetHubs } from '../network.ts'
import { printItem, printItems } from '../print-items.ts'
import { type Run, wholeNumber } from '../run.ts'

interface TimelineOptions {
  readonly limit?: number
  readonly comments?: boolean
  readonly follow?: boolean
}

/** The newest that a live list looks at; more at once than anybody reads. */
const liveWindow = 200

export function timelineCommand(run: Run): Command {
  return new Command('timeline')
    .description(help.timeline)
    .option('--limit <n>', help.limit, wholeNumber(1, 1_000_000))
    .option('--comments', help.comments)
    .option('--follow', help.live)
    .action((options: TimelineOptions, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer({ verifyThreads: options.follow === true ? 1 : 0 })
        const comments = options.comments ?? false
        if (options.follow === true) await followTimeline(context, peer, comments)
        else
          await printItems(context, peer, options.limit, (page) => peer.query.timeline({ ...page, comments }))
      }),
    )
}

/** Prints the newest ones, oldest first, then each new one, until Ctrl-C. Works without a network too. */
async function followTimeline(context: Context, peer: NodePeer, comments: boolean): Promise<void> {
  const { output, signal } = context
  if (context.config.hubs.length > 0) await meetHubs(peer, context, signal)
  output.note(say.watching)
  const shown = new Set<string>()
  const ask = () => peer.query.timeline({ limit: liveWindow, comments }).items
  for await (const items of peer.live<readonly Item[]>(ask, signal)) {
    const fresh = items.filter((item) => !shown.has(keyOf(item))).reverse()
    const names = createNames(peer)
    const isFirst = shown.size === 0
    for (const item of isFirst ? fresh.slice(-context.config.settings.limit) : fresh)
      printItem(context, item, names)
    for (const item of fresh) shown.add(keyOf(item))
    await output.drained()
  }
  signal.throwIfAborted()
}

/** Shown again when its text arrives or goes. */
function keyOf({ identity, content, state }: Item): string {
  return `${identity} ${content} ${state.type}`
}
