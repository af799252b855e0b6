/**
 * `erase`: asks everybody to drop contents; the feed itself stays as it is.
 *
 * @module
 */

import { type ContentName, maxEraseTargets, mayErase } from '@effigy/core'
import type { Item } from '@effigy/store'
import { Command } from 'commander'
import { ownDevices } from '../account.ts'
import { findOwnEntry } from '../arguments.ts'
import { failure } from '../failure.ts'
import { confirm } from '../input.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'

export function eraseCommand(run: Run): Command {
  return new Command('erase')
    .description(help.erase)
    .argument('<entry...>', help.entries)
    .option('--yes', help.yes)
    .action((entries: readonly string[], options: { readonly yes?: boolean }, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const devices = ownDevices(peer)
        const items = entries.map((entry) => findOwnEntry(peer, entry, devices))
        for (const item of items) demandErasable(item)
        const named = items.map(({ identity, content }): [string, ContentName] => [
          `${identity} ${content}`,
          { identity, content },
        ])
        const contents = [...new Map(named).values()]
        const question = say.erasePlan(say.entries(contents.length))
        await confirm(context, options.yes ?? false, 'Erasing', question)
        for (let at = 0; at < contents.length; at += maxEraseTargets) {
          const part = contents.slice(at, at + maxEraseTargets)
          const { cid } = await peer.erase(part)
          context.output.json({ entry: cid, erased: part.map(({ content }) => content) })
        }
        context.output.line(say.erasedNow(say.entries(contents.length)))
      }),
    )
}

function demandErasable({ state }: Item): void {
  if (state.type === 'shown' && !mayErase(state.payload.type))
    throw failure('not-erasable', state.payload.type)
}
