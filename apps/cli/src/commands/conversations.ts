/**
 * `conversations` and `conversation`: what some people and oneself said to each other.
 *
 * @module
 */
import type { ConversationView } from '@effigy/peer'
import { Command } from 'commander'
import { conversationJson, conversationLines, findConversation, titleOf } from '../conversation-view.ts'
import { createNames } from '../item-view.ts'
import { help, privateHelp, privateSay as say, say as sayAll } from '../messages/index.ts'
import { printItems } from '../print-items.ts'
import { type Run, wholeNumber } from '../run.ts'

/** What is asked of the peer at once. */
const pageLength = 200

export function conversationsCommand(run: Run): Command {
  return new Command('conversations')
    .description(privateHelp.conversations)
    .option('--limit <n>', help.limit, wholeNumber(1, 1_000_000))
    .action(({ limit }: { readonly limit?: number }, command: Command) =>
      run(command, async (context) => {
        const { output, signal } = context
        await using peer = await context.openPeer()
        await peer.conversations.opened()
        const names = createNames(peer)
        const most = limit ?? context.config.settings.limit
        let left = most
        let after: Parameters<typeof peer.conversations.list>[0] = {}
        while (left > 0) {
          signal.throwIfAborted()
          const page = peer.conversations.list({ ...after, all: true, limit: Math.min(left, pageLength) })
          for (const view of page.items) {
            output.json(conversationJson(peer, view, names))
            for (const line of conversationLines(peer, view, names, output.paint)) output.line(line)
          }
          await output.drained()
          left -= page.items.length
          if (page.next === null) break
          after = { after: page.next }
          if (left <= 0) output.note(sayAll.more(most * 2))
        }
        if (left === most) output.note(say.noConversation)
      }),
    )
}

export function conversationCommand(run: Run): Command {
  return new Command('conversation')
    .description(privateHelp.conversation)
    .argument('<name>', privateHelp.conversationName)
    .option('--limit <n>', help.limit, wholeNumber(1, 1_000_000))
    .option('--keep-unread', privateHelp.keepUnread)
    .action(
      (
        typed: string,
        options: { readonly limit?: number; readonly keepUnread?: boolean },
        command: Command,
      ) =>
        run(command, async (context) => {
          await using peer = await context.openPeer()
          await peer.conversations.opened()
          const name = findConversation(peer, typed)
          const view: ConversationView | null = peer.conversations.show(name)
          await printItems(
            context,
            peer,
            options.limit,
            (page) => peer.conversations.messages(name, page),
            say.noConversation,
          )
          if (view === null) return
          const others = view.kind === 'people' && view.persons.length === 0
          context.output.note(others ? say.readByOneself : say.readBy(titleOf(peer, view, createNames(peer))))
          if (options.keepUnread !== true) await peer.conversations.markRead(name)
        }),
    )
}
