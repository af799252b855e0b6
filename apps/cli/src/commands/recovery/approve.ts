/**
 * `recovery held`, `approve`: the custodian's part (spec Z23, Z26).
 *
 *     requests ─six words, over another way▶ y ─▶ the part goes to the new device       n ─▶ nothing
 *
 * @module
 */
import type { Root } from '@effigy/core'
import { comparedWords, type Peer, type ShareRequestView } from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import { Command, Option } from 'commander'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { askPerson, canAsk } from '../../input.ts'
import { localTime } from '../../item-view.ts'
import type { ListenPlace } from '../../listen.ts'
import { recoveryHelp as help, help as helpAll, recoverySay as say } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { atOption, type MeetOptions, tryToMeet } from '../synod/meet.ts'
import { listenFor, listenOption, tellAddresses } from '../synod/pair.ts'
import { findRoot, nameOf } from './people.ts'

export function heldCommand(run: Run): Command {
  return new Command('held').description(help.held).action((_options: object, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      const { output } = context
      const { held, requests } = peer.recovery.show()
      for (const { account, threshold, count, at, replaced, set } of held) {
        output.json({ type: 'held', ...account, set, threshold, count, at, replaced })
        output.line(say.held(nameOf(peer, account.identity), threshold, count, localTime(at)))
        if (replaced > 0) output.line(say.replaced(replaced))
      }
      if (held.length === 0) output.note(say.heldNone)
      for (const request of requests) tellRequest(context, peer, request)
    }),
  )
}

interface ApproveOptions extends MeetOptions {
  readonly words?: string
  readonly for?: string
  readonly deny?: boolean
  readonly listen?: ListenPlace
  readonly count?: number
  readonly timeout?: number
}

/** A person is on the telephone meanwhile. Seconds. */
const usualSeconds = 900

export function approveCommand(run: Run): Command {
  return new Command('approve')
    .description(help.approve)
    .argument('[request]', help.request)
    .option('--words <words>', help.words)
    .addOption(new Option('--deny', help.deny).conflicts('words'))
    .option('--for <id>', help.for)
    .addOption(listenOption())
    .addOption(atOption())
    .option('--count <n>', help.count, wholeNumber(1, 16))
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .action((id: string | undefined, options: ApproveOptions, command: Command) =>
      run(command, async (context) => {
        const isDecided = options.words !== undefined || (options.deny === true && id !== undefined)
        if (!isDecided && !canAsk(context)) throw failure('compare-needed', 'words')
        const typed = options.words === undefined ? comparedWords : calm(options.words).split(' ').length
        if (typed !== comparedWords) throw failure('words-count', typed, comparedWords)
        await using peer = await context.openPeer({ verifyThreads: 1 })
        const account = options.for === undefined ? null : findRoot(peer, options.for)
        using limit = deadline(context, options.timeout ?? usualSeconds)
        await using listening =
          options.listen === undefined ? null : await listenFor(context, peer, options.listen)
        if (listening !== null) tellAddresses(context, peer, listening)
        await tryToMeet(peer, context, options, limit.signal)
        context.output.note(say.waiting)
        const left = { approved: 0, count: options.count ?? 1 }
        const seen = new Set<string>()
        let others = 0
        for await (const { requests } of peer.recovery.views(limit.signal)) {
          for (const request of requests) {
            if (seen.has(request.id) || (id !== undefined && !request.id.startsWith(id))) continue
            seen.add(request.id)
            // Another one's: it waits for its own owner to call.
            if (options.words !== undefined && calm(options.words) !== request.words) {
              if (id !== undefined) throw failure('words-differ')
              others++
              tellOther(context, request)
              continue
            }
            if (await decide(context, peer, request, { ...options, account }, limit.signal)) left.approved++
          }
          if (left.approved >= left.count || (options.deny === true && seen.size > 0)) break
        }
        context.signal.throwIfAborted()
        // The time is over.
        if (limit.signal.aborted && others > 0) throw failure('words-differ')
        limit.signal.throwIfAborted()
        // What was given in a session is on its way; what was left lies in a box.
        await peer.settled(limit.signal)
        if (listening !== null) await untilFetched(peer, limit.signal)
      }),
    )
}

/** True: it was approved. */
async function decide(
  context: Context,
  peer: Peer,
  request: ShareRequestView,
  { words, deny, account }: ApproveOptions & { readonly account: Root | null },
  signal: AbortSignal,
): Promise<boolean> {
  const { output } = context
  tellRequest(context, peer, request)
  const isApproved =
    words !== undefined || (deny !== true && (await askPerson(context, `${say.compare} [y/N] `, signal)))
  if (isApproved) await peer.recovery.approve(request.id, account === null ? {} : { account })
  else await peer.recovery.deny(request.id)
  output.json({ type: 'decided', request: request.id, identity: request.identity, approved: isApproved })
  output.line(isApproved ? say.approved : say.denied)
  return isApproved
}

function tellRequest({ output }: Context, peer: Peer, request: ShareRequestView): void {
  const { id, account, name, identity, words, receivedAt } = request
  output.json({ type: 'request', request: id, account, name, identity, words, at: receivedAt })
  const known = peer.recovery.show().held.find((each) => each.account.root === account)
  const claimed = known === undefined ? say.noClaim : nameOf(peer, known.account.identity)
  output.line(say.asks(calmLine(name), claimed))
  output.line(say.theWords(words))
}

/** Its words are not shown: they are to be heard from its owner. */
function tellOther({ output }: Context, { id, name, identity }: ShareRequestView): void {
  output.json({ type: 'other-words', request: id, identity })
  output.note(say.otherWords(calmLine(name)))
}

const calm = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .split(/[\s,-]+/)
    .join(' ')

/** The other side hangs up when it has what it came for. */
async function untilFetched(peer: NodePeer, signal: AbortSignal): Promise<void> {
  const isHub = (kind: string): boolean => kind === 'hub'
  for await (const { sessions } of peer.statuses(signal)) {
    if (sessions.every(({ kind }) => isHub(kind))) return
  }
  signal.throwIfAborted()
}
