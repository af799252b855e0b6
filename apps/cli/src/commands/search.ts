/**
 * `search`: by words, in everything that is here.
 *
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Peer } from '@effigy/peer'
import { Command } from 'commander'
import type { Context } from '../context.ts'
import { help, say } from '../messages/index.ts'
import { printItems } from '../print-items.ts'
import { type Run, wholeNumber } from '../run.ts'

/** Entries that are read for search in one turn: short enough for Ctrl-C and progress. */
const indexStep = 2_000

export function searchCommand(run: Run): Command {
  return new Command('search')
    .description(help.search)
    .argument('<words...>', help.words)
    .option('--limit <n>', help.limit, wholeNumber(1, 1_000_000))
    .action((words: readonly string[], options: { readonly limit?: number }, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        await index(context, peer)
        const ask = (page: Parameters<typeof peer.query.search>[1]) =>
          peer.query.search(words.join(' '), page)
        await printItems(context, peer, options.limit, ask, say.noMatch)
      }),
    )
}

/** Reads what search does not know yet. */
async function index({ output, signal }: Context, peer: Peer): Promise<void> {
  let total = 0
  for (;;) {
    const { behind } = peer.query.indexSearch(indexStep)
    total = Math.max(total, behind)
    if (behind === 0) break
    output.progress(say.indexing, { done: total - behind, total })
    await nextTurn()
    signal.throwIfAborted()
  }
  output.clear()
}
