/**
 * `recovery split`, `show`, `rehearse`: the owner's part (spec Z20, Z29).
 *
 *     friends, threshold, words ─▶ one sealed part each ─sync▶ custodians        rehearse ─▶ who can open theirs
 *
 * @module
 */
import type { Splitting } from '@effigy/peer'
import { Command } from 'commander'
import type { Context } from '../../context.ts'
import { confirm, readPhrase } from '../../input.ts'
import { localTime } from '../../item-view.ts'
import { recoveryHelp as help, help as helpAll, recoverySay as say } from '../../messages/index.ts'
import { deadline, settle } from '../../network.ts'
import { findPerson } from '../../people.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { atOption, type MeetOptions, meetDevices, tryToMeet } from '../synod/meet.ts'
import { nameOf } from './people.ts'

interface SplitOptions extends MeetOptions {
  readonly threshold: number
  readonly phraseFile?: string
  readonly timeout?: number
  readonly yes?: boolean
}

export function splitCommand(run: Run): Command {
  return new Command('split')
    .description(help.split)
    .argument('<id...>', help.splitAmong)
    .requiredOption('--threshold <n>', help.threshold, wholeNumber(2, 16))
    .option('--phrase-file <file>', help.phraseFile)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .option('--yes', helpAll.yes)
    .action((ids: readonly string[], options: SplitOptions, command: Command) =>
      run(command, async (context) => {
        const { output, config } = context
        const { threshold } = options
        const typed = options.phraseFile === undefined ? null : await readPhrase(context, options.phraseFile)
        await using peer = await context.openPeer({ verifyThreads: 1 })
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        // To those devices that they have now.
        const met = await meetDevices(peer, context, options, limit.signal)
        await peer.settled(limit.signal)
        const custodians = ids.map((one) => findPerson(peer, one))
        await confirm(context, options.yes ?? false, 'Splitting', say.splitPlan(threshold, ids.length))
        const splitting = await peer.recovery.split({
          ...(typed === null ? {} : { phrase: typed }),
          custodians,
          threshold,
          signal: limit.signal,
        })
        await settle(peer, context, met, limit.signal)
        output.json(splittingJson(splitting))
        output.line(say.split(threshold, custodians.length))
        output.note(say.splitLater)
      }),
    )
}

export function showCommand(run: Run): Command {
  return new Command('custodians').description(help.show).action((_options: object, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      const { splitting } = peer.recovery.show()
      if (splitting === null) {
        context.output.note(say.notSplit)
        return
      }
      const { threshold, custodians, at } = splitting
      context.output.json(splittingJson(splitting))
      context.output.line(say.splitting(threshold, custodians.length, localTime(at)))
      for (const { identity } of custodians) context.output.line(`  ${nameOf(peer, identity)}`)
    }),
  )
}

const splittingJson = ({ set, threshold, at, custodians }: Splitting): object => ({
  set,
  threshold,
  count: custodians.length,
  at,
  custodians,
})

interface RehearseOptions extends MeetOptions {
  readonly timeout?: number
}

export function rehearseCommand(run: Run): Command {
  return new Command('rehearse')
    .description(help.rehearse)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .action((options: RehearseOptions, command: Command) =>
      run(command, async (context: Context) => {
        const { output, config } = context
        await using peer = await context.openPeer({ verifyThreads: 1 })
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        await tryToMeet(peer, context, options, limit.signal)
        await peer.settled(limit.signal)
        // What custodians answered since.
        await peer.drops.settled(limit.signal)
        const rehearsed = await peer.recovery.rehearse({ signal: limit.signal })
        for (const { identity, root, outcome, at } of rehearsed) {
          output.json({ identity, root, outcome, at })
          output.line(`${nameOf(peer, identity)}: ${say.outcome[outcome]}`)
        }
        const holding = rehearsed.filter(({ outcome }) => outcome === 'holds').length
        const away = rehearsed.filter(({ at }) => at === null).length
        const { threshold = 0 } = peer.recovery.show().splitting ?? {}
        // Nothing is told of parts while nobody has answered.
        if (away < rehearsed.length) output.note(say.rehearsed(holding, rehearsed.length))
        if (away > 0) output.note(say.rehearsedAway(away))
        if (holding + away < threshold) output.note(say.rehearsedFew)
      }),
    )
}
