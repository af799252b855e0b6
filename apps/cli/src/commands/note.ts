/**
 * `note`: something for some people, or for oneself.
 *
 *     --to NAME… TEXT ─▶ age: or box: in one's own feed ─▶ "for Ada, Bob"
 *
 * @module
 */
import type { Account, ImageFile } from '@effigy/core'
import type { NoteDraft, Peer } from '@effigy/peer'
import { Command } from 'commander'
import type { Context } from '../context.ts'
import { findConversation } from '../conversation-view.ts'
import { failure } from '../failure.ts'
import { readStdinText, readText } from '../input.ts'
import { createNames } from '../item-view.ts'
import { help, privateHelp, privateSay as say } from '../messages/index.ts'
import { findPerson } from '../people.ts'
import { addPicture } from '../pictures.ts'
import { gather, type Run } from '../run.ts'

interface NoteOptions {
  readonly to?: readonly string[]
  readonly in?: string
  readonly image?: readonly string[]
  readonly alt?: readonly string[]
  readonly cw?: string
}

export function noteCommand(run: Run): Command {
  return new Command('note')
    .description(privateHelp.note)
    .argument('[text]', help.postText)
    .option('--to <person>', privateHelp.to, gather)
    .option('--in <conversation>', privateHelp.in)
    .option('--image <file>', help.image, gather)
    .option('--alt <text>', help.alt, gather)
    .option('--cw <text>', help.cw)
    .action((text: string | undefined, options: NoteOptions, command: Command) =>
      run(command, async (context) => {
        const { to = [], image = [], alt = [] } = options
        if (alt.length > image.length) throw failure('usage', 'There are more --alt than --image')
        if (options.in !== undefined && to.length > 0)
          throw failure('usage', '--in and --to do not go together')
        await using peer = await context.openPeer()
        await peer.conversations.opened()
        const { conversations } = peer
        const people = to.map((name) => findPerson(peer, name))
        const name = options.in === undefined ? null : findConversation(peer, options.in)
        const draft = await draftOf(context, peer, text, options)
        const written =
          name === null ? await conversations.write(people, draft) : await conversations.answer(name, draft)
        const { cid, content, conversation, readers, record } = written
        context.output.json({
          entry: cid,
          content,
          length: record.head.length,
          conversation,
          readers: readers.map(({ identity, root }) => ({ identity, root })),
        })
        context.output.line(say.noted(cid, readers.length === 0 ? say.oneself : labels(peer, readers)))
        if (readers.length > 0) context.output.note(say.removedKeep)
      }),
    )
}

async function draftOf(
  context: Context,
  peer: Peer,
  text: string | undefined,
  { image = [], alt = [], cw }: NoteOptions,
): Promise<NoteDraft> {
  const isAsked = text !== undefined || (image.length === 0 && context.io.stdin.isTTY !== true)
  const words = !isAsked
    ? ''
    : text === undefined
      ? await readStdinText(context)
      : await readText(context, text)
  if (words.trim() === '' && image.length === 0)
    throw failure('usage', 'There is nothing to say: give TEXT, or - to read it')
  const images: ImageFile[] = []
  for (const [index, path] of image.entries()) {
    // A note that only some can read has no picture that everybody can.
    images.push(await addPicture(context, peer, path, alt[index] ?? '', { encrypted: true }))
  }
  const attachments = images.map((each) => ({ type: 'image' as const, ...each }))
  return {
    text: words,
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(cw === undefined ? {} : { cw }),
  }
}

function labels(peer: Peer, accounts: readonly Account[]): string {
  const names = createNames(peer)
  return accounts.map(({ identity }) => names.label(identity)).join(', ')
}
