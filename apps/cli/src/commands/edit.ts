/**
 * `edit`: another text in the same place of one's feed (a rebase).
 *
 * @module
 */

import type { Payload } from '@effigy/core'
import type { Item } from '@effigy/store'
import { Command } from 'commander'
import { ownDevices } from '../account.ts'
import { findOwnEntry } from '../arguments.ts'
import { failure } from '../failure.ts'
import { readText } from '../input.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'

export function editCommand(run: Run): Command {
  return new Command('edit')
    .description(help.edit)
    .argument('<entry>', help.entry)
    .argument('<text>', help.editText)
    .action((entry: string, typed: string, _options: object, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const { output } = context
        const item = findOwnEntry(peer, entry, ownDevices(peer))
        const payload = withText(item, await readText(context, typed))
        // What another own device wrote is erased, and published anew by this one.
        const top =
          item.identity === peer.identity ? peer.store.feed(item.identity)?.record?.head.length : null
        const total = top ?? item.length
        const { cid, content } = await peer.edit(item.cid, payload)
        output.json({ entry: cid, content, rewritten: total - item.length })
        output.line(say.changed(cid))
        if (total > item.length) output.note(say.rewritten(say.entries(total - item.length)))
      }),
    )
}

/** The peer gives it its new salt and names what it was. */
function withText({ state }: Item, text: string): Payload {
  const payload = state.type === 'shown' ? state.payload : null
  switch (payload?.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
      return { ...payload, text }
    default:
      throw failure('not-editable', payload?.type ?? state.type)
  }
}
