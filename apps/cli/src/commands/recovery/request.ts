/**
 * `recovery request`, `combine`, `forget`: the new device's part (spec Z24, Z28).
 *
 *     custodians ─▶ six words for each ─they approve▶ parts ─▶ enough: `effigy restore --shares`
 *
 * @module
 */
import { parseIdentity, type Root } from '@effigy/core'
import type { AskedCustodian, Combined, Peer } from '@effigy/peer'
import { Command } from 'commander'
import { findIdentity } from '../../arguments.ts'
import type { Context } from '../../context.ts'
import { recoveryHelp as help, help as helpAll, recoverySay as say } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { revealWords } from '../../words.ts'
import { atOption, type MeetOptions, meetDevices } from '../synod/meet.ts'
import { findRoot, nameOf } from './people.ts'

interface RequestOptions extends MeetOptions {
  readonly name: string
  readonly account?: string
  readonly timeout?: number
}

export function requestCommand(run: Run): Command {
  return new Command('request')
    .description(help.ask)
    .argument('<id...>', help.custodians)
    .requiredOption('--name <name>', help.name)
    .option('--account <id>', help.account)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .action((ids: readonly string[], options: RequestOptions, command: Command) =>
      run(command, async (context) => {
        const { output, config } = context
        await using peer = await context.openPeer({ verifyThreads: 1 })
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        await meetDevices(peer, context, options, limit.signal)
        const custodians = ids.map((one) => findIdentity(peer, one))
        const account =
          options.account === undefined ? null : await rootOf(peer, options.account, limit.signal)
        const { name } = options
        const asked = await peer.recovery.ask({
          ...{ custodians, name, signal: limit.signal },
          ...(account === null ? {} : { account }),
        })
        output.note(say.asked)
        for (const each of asked) {
          output.json({ type: 'asked', ...each })
          output.line(say.askedOf(nameOf(peer, each.identity), each.words))
        }
        try {
          await untilEnough(context, peer, asked, limit.signal)
        } catch (error) {
          output.note(say.askAgain)
          throw error
        }
      }),
    )
}

/** By what their key says of itself: on a new device nothing is known yet. */
async function rootOf(peer: Peer, typed: string, signal: AbortSignal): Promise<Root> {
  const identity = parseIdentity(typed)
  if (identity !== null && peer.account.of(identity) === null) {
    peer.watch(identity)
    await peer.settled(signal)
    const root = peer.account.of(identity)?.root ?? null
    peer.unwatch(identity)
    if (root !== null) return root
  }
  return findRoot(peer, typed)
}

/** Until the parts that came are enough, or everybody has answered. */
async function untilEnough(
  { output }: Context,
  peer: Peer,
  before: readonly AskedCustodian[],
  signal: AbortSignal,
): Promise<void> {
  const told = new Map(before.map(({ root }) => [root, 'asking']))
  for await (const { asked } of peer.recovery.views(signal)) {
    for (const each of asked) {
      if (told.get(each.root) === each.state) continue
      told.set(each.root, each.state)
      output.json({ type: 'answered', identity: each.identity, root: each.root, state: each.state })
      output.line(say.answered(nameOf(peer, each.identity), say.state[each.state]))
    }
    const { came, needed } = peer.recovery.show()
    if (needed !== null && came >= needed) {
      output.note(say.enough)
      return
    }
    if (asked.every(({ state }) => state !== 'asking')) return
  }
  signal.throwIfAborted()
}

interface CombineOptions extends MeetOptions {
  readonly reveal?: boolean
  readonly timeout?: number
}

export function combineCommand(run: Run): Command {
  return new Command('combine')
    .description(help.combine)
    .option('--reveal', help.reveal)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .action((options: CombineOptions, command: Command) =>
      run(command, async (context) => {
        const { output, config } = context
        await using peer = await context.openPeer({ verifyThreads: 1 })
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        await meetDevices(peer, context, options, limit.signal)
        const combined = await combineHere(context, peer, limit.signal)
        const { root, wrong, phrase } = combined
        output.json({ root, wrong, ...(options.reveal === true ? { phrase } : {}) })
        output.line(say.combined)
        if (options.reveal === true) revealWords(context, phrase)
      }),
    )
}

/** The words from the parts that came, and who gave a false one. */
export async function combineHere({ output }: Context, peer: Peer, signal: AbortSignal): Promise<Combined> {
  const combined = await peer.recovery.combine({ signal })
  for (const custodian of combined.wrong) output.note(say.wrongShare(nameOf(peer, custodian)))
  return combined
}

export function forgetCommand(run: Run): Command {
  return new Command('forget').description(help.forget).action((_options: object, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      peer.recovery.forget()
      context.output.json({ forgotten: true })
      context.output.line(say.forgotten)
    }),
  )
}
