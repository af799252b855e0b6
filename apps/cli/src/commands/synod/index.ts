/**
 * `synod …`: the account of this home (spec Y).
 *
 * @module
 */
import { Command } from 'commander'
import { synodHelp as help } from '../../messages/index.ts'
import type { Run } from '../../run.ts'
import { createCommand } from './create.ts'
import { handoverCommand } from './handover.ts'
import { joinCommand } from './join.ts'
import { leaveCommand } from './leave.ts'
import { moveCommand } from './move.ts'
import { pairCommand } from './pair.ts'
import { revokeCommand } from './revoke.ts'
import { setCommand } from './set.ts'
import { showCommand } from './show.ts'
import { whereCommand } from './where.ts'

export function synodCommand(run: Run): Command {
  return new Command('synod')
    .description(help.synod)
    .addCommand(createCommand(run))
    .addCommand(showCommand(run))
    .addCommand(setCommand(run))
    .addCommand(pairCommand(run))
    .addCommand(joinCommand(run))
    .addCommand(revokeCommand(run))
    .addCommand(leaveCommand(run))
    .addCommand(handoverCommand(run))
    .addCommand(moveCommand(run))
    .addCommand(whereCommand(run))
}
