/**
 * `synod …`: the account of this home (spec Y, DESIGN 2.7).
 *
 * @module
 */
import { Command } from 'commander'
import { synodHelp as help } from '../../messages/index.ts'
import type { Run } from '../../run.ts'
import { createCommand } from './create.ts'
import { leaveCommand } from './leave.ts'
import { moveCommand } from './move.ts'
import { revokeCommand } from './revoke.ts'
import { setCommand } from './set.ts'
import { showCommand } from './show.ts'

export function synodCommand(run: Run): Command {
  return new Command('synod')
    .description(help.synod)
    .addCommand(createCommand(run))
    .addCommand(showCommand(run))
    .addCommand(setCommand(run))
    .addCommand(revokeCommand(run))
    .addCommand(leaveCommand(run))
    .addCommand(moveCommand(run))
}
