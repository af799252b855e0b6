/**
 * `group …`: people who write to each other, and nobody else reads it (spec Q).
 *
 * @module
 */
import { Command } from 'commander'
import { groupHelp as help } from '../../messages/index.ts'
import type { Run } from '../../run.ts'
import { inviteCommand, leaveCommand, removeCommand, renameCommand, roleCommand } from './change.ts'
import { createCommand } from './create.ts'
import { messagesCommand, postCommand } from './messages.ts'
import { listCommand, showCommand } from './show.ts'

export function groupCommand(run: Run): Command {
  return new Command('group')
    .description(help.group)
    .addCommand(createCommand(run))
    .addCommand(listCommand(run))
    .addCommand(showCommand(run))
    .addCommand(inviteCommand(run))
    .addCommand(roleCommand(run))
    .addCommand(renameCommand(run))
    .addCommand(removeCommand(run))
    .addCommand(leaveCommand(run))
    .addCommand(postCommand(run))
    .addCommand(messagesCommand(run))
}
