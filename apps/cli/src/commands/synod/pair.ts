/**
 * `synod pair`: shows a code by which another device joins the account, or lists what devices ask of the main one.
 *
 *     code as text ─▶ the other device dials ─▶ four pictures on both ─y▶ linked ─▶ its history goes there
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { NodePeer } from '@effigy/peer/node'
import { defaultPairingLimits, type Linked } from '@effigy/sync'
import { Command, InvalidArgumentError, Option } from 'commander'
import { demandAccount } from '../../account.ts'
import type { Context } from '../../context.ts'
import { type Listening, type ListenPlace, listen, parseListenPlace } from '../../listen.ts'
import { errorWords, synodHelp as help, help as helpAll, synodSay as say } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { qrFor } from '../../qr.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { answerRequests } from './grant.ts'
import { createQuestions, guide, type Questions } from './guide.ts'
import { fetchHistory } from './history.ts'
import { parseLabel, usualLabel } from './labels.ts'
import { atOption, type MeetOptions, tryToMeet } from './meet.ts'

interface PairOptions extends MeetOptions {
  readonly requests?: boolean
  readonly label?: string
  readonly listen?: ListenPlace
  readonly count?: number
  readonly timeout?: number
  readonly yes?: boolean
}

/** A code is good for two minutes; those who compare and ask get their time too. Seconds. */
const usualSeconds = 900

/** Ms that a code waits for the hubs to answer. */
const hubsMs = 5_000

/** Ms in which a device that was linked comes for the history. */
const comesMs = 15_000

export function pairCommand(run: Run): Command {
  return new Command('pair')
    .description(help.pair)
    .option('--requests', help.requests)
    .option('--label <label>', help.label, parseLabel)
    .addOption(listenOption())
    .addOption(atOption())
    .option('--count <n>', help.count, wholeNumber(1, 1_000))
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .option('--yes', helpAll.yes)
    .action((options: PairOptions, command: Command) =>
      run(command, async (context) => {
        const questions = createQuestions(context, options.yes ?? false)
        await using peer = await context.openPeer({ verifyThreads: 1 })
        const role =
          options.requests === true ? demandAccount(peer).role : (peer.account.show()?.role ?? null)
        using limit = deadline(context, options.timeout ?? usualSeconds)
        await using listening = await listenFor(context, peer, options.listen)
        const over = new AbortController()
        const signal = AbortSignal.any([limit.signal, over.signal])
        const meeting = tryToMeet(peer, context, options, signal)
        const count = options.count ?? Number.POSITIVE_INFINITY
        // A yes beforehand is for the pictures of this code alone: others would get in by it unseen.
        const isAsked = role === 'main' && options.yes !== true
        const answering =
          isAsked || options.requests === true
            ? answerRequests(context, peer, { questions, count, signal })
            : null
        // Awaited below; what fails in between is not unhandled.
        meeting.catch(() => {})
        answering?.catch(() => {})
        try {
          if (options.requests === true) {
            tellAddresses(context, peer, listening)
            for (const device of (await answering) ?? []) await untilServed(peer, device, context, signal)
          } else {
            // A hub that is met by then stands in the code: who is not in the same network comes through it.
            const late = Promise.withResolvers<void>()
            using _patience = context.io.clock.after(hubsMs, late.resolve)
            await Promise.race([meeting.catch(() => {}), late.promise])
            await pair(context, peer, { listening, questions, label: options.label ?? usualLabel(), signal })
          }
        } finally {
          over.abort()
          await Promise.allSettled([meeting, answering])
        }
        limit.signal.throwIfAborted()
      }),
    )
}

interface PairPorts {
  readonly listening: Listening
  readonly questions: Questions
  readonly label: string
  readonly signal: AbortSignal
}

async function pair(
  context: Context,
  peer: NodePeer,
  { listening, questions, label, signal }: PairPorts,
): Promise<void> {
  const { output } = context
  const isJoining = peer.account.show() === null
  const shown = peer.account.showLink({ places: listening.urls, label })
  const text = shown.text ?? ''
  output.json({ type: 'code', code: text, expires: context.io.clock.now() + defaultPairingLimits.codeMs })
  output.note(say.codeHint)
  const drawn = qrFor(context.io.stdout, text)
  if (drawn !== null) output.line(drawn)
  output.line(text)
  const linked = await guide(context, shown, questions, signal)
  tellLinked(context, linked)
  if (isJoining) {
    await fetchHistory(context, peer, signal)
    return
  }
  output.note(say.historyGoes)
  await untilServed(peer, linked.member[0], context, signal)
}

export function tellLinked({ output }: Context, { root, member: [identity, , label] }: Linked): void {
  output.json({ type: 'linked', root, identity, label })
  output.line(say.linked(calmLine(label)))
}

/** Resolves when the device that was linked has been here and has gone, or does not come. */
async function untilServed(
  peer: NodePeer,
  device: Identity,
  context: Context,
  signal: AbortSignal,
): Promise<void> {
  const late = new AbortController()
  const timer = context.io.clock.after(comesMs, () => late.abort())
  let isThere = false
  for await (const { sessions } of peer.statuses(AbortSignal.any([signal, late.signal]))) {
    const isConnected = sessions.some(({ identity }) => identity === device)
    if (isThere && !isConnected) break
    if (!isThere && isConnected) timer[Symbol.dispose]()
    isThere ||= isConnected
  }
  timer[Symbol.dispose]()
  signal.throwIfAborted()
}

/** For others of the account, until disposed. */
export async function listenFor(
  context: Context,
  peer: NodePeer,
  place: ListenPlace | undefined,
): Promise<Listening> {
  return await listen(place ?? { host: null, port: 0 }, {
    clock: context.io.clock,
    onLink: (link) => void peer.accept(link).catch(() => link.close('closed')),
  })
}

export function tellAddresses({ output }: Context, { identity }: NodePeer, { urls }: Listening): void {
  const addresses = urls.map((url) => `${url}#${identity}`)
  output.json({ type: 'listening', addresses })
  output.note(say.reachable)
  for (const address of addresses) output.line(address)
}

export const listenOption = (): Option =>
  new Option('--listen <[address:]port>', help.listen).argParser((typed) => {
    const place = parseListenPlace(typed)
    if (place === null) throw new InvalidArgumentError(errorWords.badListen)
    return place
  })
