/**
 * `synod join`: reads the code that another device shows, and links the two.
 *
 *     code ─read▶ dial ─▶ four pictures on both ─y▶ linked ─▶ the account's notes come
 *
 * @module
 */
import type { NodePeer } from '@effigy/peer/node'
import { Command } from 'commander'
import type { Context } from '../../context.ts'
import { readText } from '../../input.ts'
import { synodHelp as help, help as helpAll, synodSay as say, say as sayAll } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { codeError, createQuestions, guide } from './guide.ts'
import { parseLabel, usualLabel } from './labels.ts'
import { atOption, type MeetOptions, tryToMeet } from './meet.ts'
import { tellLinked } from './pair.ts'

interface JoinOptions extends MeetOptions {
  readonly label?: string
  readonly history: boolean
  readonly timeout?: number
  readonly yes?: boolean
}

/** As long as the other side waits; history has its time too. Seconds. */
const usualSeconds = 900

export function joinCommand(run: Run): Command {
  return new Command('join')
    .description(help.join)
    .argument('<code>', help.code)
    .option('--label <label>', help.label, parseLabel)
    .option('--no-history', help.noHistory)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .option('--yes', helpAll.yes)
    .action((typed: string, options: JoinOptions, command: Command) =>
      run(command, async (context) => {
        const questions = createQuestions(context, options.yes ?? false)
        const text = (await readText(context, typed)).trim()
        await using peer = await context.openPeer({ verifyThreads: 1 })
        using limit = deadline(context, options.timeout ?? usualSeconds)
        const { signal } = limit
        const read = peer.account.readLink(text, { label: options.label ?? usualLabel() })
        if (!read.ok) throw codeError(read.error.code)
        const linked = await guide(context, read.value, questions, signal)
        tellLinked(context, linked)
        for (const [identity, url] of read.value.code.places) peer.connect(url, { expect: identity })
        await tryToMeet(peer, context, options, signal)
        if (options.history) await fetchHistory(context, peer, signal)
      }),
    )
}

/** Waits until the notes of the account are here, and says how far it is. What came is kept, whenever it ends. */
async function fetchHistory(context: Context, peer: NodePeer, signal: AbortSignal): Promise<void> {
  const { output } = context
  const over = new AbortController()
  const watching = showHistory(context, peer, AbortSignal.any([signal, over.signal]))
  try {
    for await (const { sessions } of peer.statuses(signal)) if (sessions.length > 0) break
    await peer.settled(signal)
  } finally {
    over.abort()
    await watching
    output.clear()
  }
  const { held, total } = historyOf(peer)
  output.json({ type: 'history', held, total })
  output.line(held >= total ? say.historyHere(sayAll.entries(held)) : sayAll.partly(held, total))
}

async function showHistory(context: Context, peer: NodePeer, signal: AbortSignal): Promise<void> {
  let most = 0
  for await (const _status of peer.statuses(signal)) {
    const { held, total } = historyOf(peer)
    // Heads of other devices come one after the other: what was said to be all never becomes less.
    most = Math.max(most, total)
    if (most > 0) context.output.progress(say.history, { done: held, total: most })
  }
}

/** Entries of the account's devices. */
function historyOf({ account, store }: NodePeer): { readonly held: number; readonly total: number } {
  let held = 0
  let total = 0
  for (const { identity } of account.show()?.members ?? []) {
    const feed = store.feed(identity)
    held += feed?.heldCount ?? 0
    total += Math.max(feed?.record?.head.length ?? 0, feed?.heldCount ?? 0)
  }
  return { held, total }
}
