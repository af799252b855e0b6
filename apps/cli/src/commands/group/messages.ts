/**
 * `group post` and `group messages`.
 *
 * @module
 */
import { type PrivateNote, withoutSecrets } from '@effigy/core'
import type { GroupMessage } from '@effigy/peer'
import { Command } from 'commander'
import { failure } from '../../failure.ts'
import { readStdinText, readText } from '../../input.ts'
import { createNames } from '../../item-view.ts'
import { help as common, groupHelp as help, groupSay as say } from '../../messages/index.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { calmText } from '../../terminal-text.ts'
import { findGroup } from './find.ts'

export function postCommand(run: Run): Command {
  return new Command('post')
    .description(help.post)
    .argument('<group>', help.one)
    .argument('[text]', common.postText)
    .action((typed: string, text: string | undefined, _options: object, command: Command) =>
      run(command, async (context) => {
        const words = text === undefined ? await readStdinText(context) : await readText(context, text)
        if (words.trim() === '')
          throw failure('usage', 'There is nothing to post: give TEXT, or - to read it')
        await using peer = await context.openPeer()
        const { id } = await findGroup(peer, typed)
        const note: PrivateNote = { type: 'private_note', at: context.io.clock.now(), text: words }
        const { cid, content, record } = await peer.groups.post(id, note)
        context.output.json({ group: id, entry: cid, content, length: record.head.length })
        context.output.line(say.posted(cid))
      }),
    )
}

export function messagesCommand(run: Run): Command {
  return new Command('messages')
    .description(help.messages)
    .argument('<group>', help.one)
    .option('--limit <n>', common.limit, wholeNumber(1, 1_000_000))
    .action((typed: string, options: { readonly limit?: number }, command: Command) =>
      run(command, async ({ output, config, ...context }) => {
        await using peer = await context.openPeer()
        const { id } = await findGroup(peer, typed)
        const names = createNames(peer)
        const messages = peer.groups.messages(id, { limit: options.limit ?? config.settings.limit })
        for (const message of messages) {
          const { cid, content, identity, comparable, sort, isFormer, payload } = message
          output.json({
            group: id,
            entry: cid,
            content,
            author: identity,
            authorName: names.nameOf(identity),
            account: names.account(identity)?.root ?? null,
            comparable,
            sort,
            former: isFormer,
            type: payload.type,
            payload: withoutSecrets(payload),
          })
          const who = `${names.label(identity)}${isFormer ? `, ${say.former}` : ''}`
          const when = new Date(sort).toISOString().slice(0, 16).replace('T', ' ')
          output.line(`${output.paint('bold', who)}  ${output.paint('dim', when)}`)
          output.line(`  ${wordsOf(message)}`)
          await output.drained()
        }
        if (messages.length === 0) output.note(say.noMessages)
      }),
    )
}

function wordsOf({ payload }: GroupMessage): string {
  const text = 'text' in payload && typeof payload.text === 'string' ? payload.text : `[${payload.type}]`
  return calmText(text).replaceAll('\n', '\n  ')
}
