/**
 * `recovery …`: friends who hold parts of the words (spec Z20 on).
 *
 * @module
 */
import { Command } from 'commander'
import { recoveryHelp as help } from '../../messages/index.ts'
import type { Run } from '../../run.ts'
import { approveCommand, heldCommand } from './approve.ts'
import { phraseCommand } from './phrase.ts'
import { combineCommand, forgetCommand, requestCommand } from './request.ts'
import { rehearseCommand, showCommand, splitCommand } from './split.ts'

export function recoveryCommand(run: Run): Command {
  return new Command('recovery')
    .description(help.recovery)
    .addCommand(phraseCommand(run))
    .addCommand(splitCommand(run))
    .addCommand(showCommand(run))
    .addCommand(rehearseCommand(run))
    .addCommand(heldCommand(run))
    .addCommand(approveCommand(run))
    .addCommand(requestCommand(run))
    .addCommand(combineCommand(run))
    .addCommand(forgetCommand(run))
}
