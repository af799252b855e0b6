/**
 * `delete`: takes entries out of one's feed, which is written anew from there on (a rebase).
 *
 * @module
 */

import type { Peer } from '@effigy/peer'
import type { Item } from '@effigy/store'
import { Command } from 'commander'
import { findOwnEntry } from '../arguments.ts'
import { confirm } from '../input.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'

interface DeleteOptions {
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** Further back, erasing serves readers better. */
const farBack = 1_000

export function deleteCommand(run: Run): Command {
  return new Command('delete')
    .description(help.delete)
    .argument('<entry...>', help.entries)
    .option('--dry-run', help.dryRun)
    .option('--yes', help.yes)
    .action((entries: readonly string[], options: DeleteOptions, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const items = distinct(entries.map((entry) => findOwnEntry(peer, entry)))
        const rewritten = rewrittenEntries(peer, items)
        const plan = say.deletePlan(say.entries(items.length), say.entries(rewritten))
        if (rewritten > farBack) context.output.note(say.deleteFar)
        if (options.dryRun === true) {
          context.output.line(plan)
          context.output.json({ entries: items.map(({ cid }) => cid), rewritten, dryRun: true })
          return
        }
        await confirm(context, options.yes ?? false, 'Deleting', plan)
        const { head } = await peer.remove(items.map(({ cid }) => cid))
        context.output.json({
          entries: items.map(({ cid }) => cid),
          rewritten,
          dryRun: false,
          epoch: head.epoch,
          head: head.head,
        })
        context.output.line(say.deleted(say.entries(items.length)))
      }),
    )
}

/** Entries above the first one that goes, without those that go themselves. */
function rewrittenEntries(peer: Peer, items: readonly Item[]): number {
  const total = peer.store.feed(peer.identity)?.record?.head.length ?? 0
  const first = items.reduce((least, item) => Math.min(least, item.length), total)
  return Math.max(total - first + 1 - items.length, 0)
}

function distinct(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.cid, item])).values()]
}
