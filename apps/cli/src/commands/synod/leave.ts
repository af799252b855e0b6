/**
 * `synod leave`: takes this device out of its account, once the main one agrees.
 *
 * @module
 */
import { Command } from 'commander'
import { demandAccount } from '../../account.ts'
import { confirm } from '../../input.ts'
import { synodHelp as help, help as helpAll, synodSay as say } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { atOption, type MeetOptions, meetDevices } from './meet.ts'

interface LeaveOptions extends MeetOptions {
  readonly yes?: boolean
  readonly timeout?: number
}

export function leaveCommand(run: Run): Command {
  return new Command('leave')
    .description(help.leave)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .option('--yes', helpAll.yes)
    .action((options: LeaveOptions, command: Command) =>
      run(command, async (context) => {
        const { output, config } = context
        await using peer = await context.openPeer({ verifyThreads: 1 })
        const { root } = demandAccount(peer)
        await confirm(context, options.yes ?? false, 'Leaving', say.leaveQuestion)
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        await meetDevices(peer, context, options, limit.signal)
        output.note(say.leaving)
        await peer.account.leave({ signal: limit.signal })
        output.json({ root, left: true })
        output.line(say.left)
      }),
    )
}
