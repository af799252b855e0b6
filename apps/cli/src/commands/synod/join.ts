import { codeMessages, EffigyError, parseLinkCode } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { Command } from 'commander'
import { readText } from '../../input.ts'
import { synodHelp as help, help as helpAll } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { createQuestions, guide } from './guide.ts'
import { fetchHistory } from './history.ts'
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
        const text = (await readText(context, typed)).trim()
        // Before anything is asked of the person: another code would be needed first.
        checkCode(text, context.io.clock.now())
        const questions = createQuestions(context, options.yes ?? false)
        await using peer = await context.openPeer({ verifyThreads: 1 })
        using limit = deadline(context, options.timeout ?? usualSeconds)
        const { signal } = limit
        const isJoining = peer.account.show() === null
        const link = peer.account.readLink(text, { label: options.label ?? usualLabel() })
        const linked = await guide(context, link, questions, signal)
        tellLinked(context, linked)
        if (!isJoining) return
        await tryToMeet(peer, context, options, signal)
        if (options.history) await fetchHistory(context, peer, signal)
      }),
    )
}

/** Throws what is wrong with the text itself, by its code. */
function checkCode(text: string, nowMs: number): void {
  const { sha256 } = createNodeCrypto()
  const parsed = parseLinkCode(text, { nowMs, isUsed: () => false, sha256 })
  if (!parsed.ok) throw new EffigyError(parsed.error.code, codeMessages[parsed.error.code])
}
