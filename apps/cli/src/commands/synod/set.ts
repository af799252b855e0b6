/**
 * `synod set`: what strangers see of the account first, and names of devices.
 *
 * @module
 */
import type { SynodProfile } from '@effigy/core'
import { Command } from 'commander'
import { demandAccount, findDevice } from '../../account.ts'
import { failure } from '../../failure.ts'
import { synodHelp as help, synodSay as say } from '../../messages/index.ts'
import { addPicture } from '../../pictures.ts'
import type { Run } from '../../run.ts'
import { gatherLabel, type LabelChange } from './labels.ts'

interface SetOptions {
  readonly name?: string
  readonly about?: string
  readonly avatar?: string
  readonly label?: readonly LabelChange[]
}

export function setCommand(run: Run): Command {
  return new Command('set')
    .description(help.set)
    .option('--name <name>', help.name)
    .option('--about <text>', help.about)
    .option('--avatar <file>', help.avatar)
    .option('--label <[device=]label>', help.labels, gatherLabel)
    .action((options: SetOptions, command: Command) =>
      run(command, async (context) => {
        const { name, about, avatar, label = [] } = options
        if (name === undefined && about === undefined && avatar === undefined && label.length === 0) {
          throw failure('usage', 'There is nothing to set: give --name, --about, --avatar or --label')
        }
        await using peer = await context.openPeer()
        const view = demandAccount(peer)
        const labels = label.map(
          (change) =>
            [change.device === null ? peer.identity : findDevice(view, change.device), change.label] as const,
        )
        const profile: Partial<SynodProfile> = {
          ...(name === undefined ? {} : { name }),
          ...(about === undefined ? {} : { about }),
          ...(avatar === undefined
            ? {}
            : { avatar: await addPicture(context, peer, avatar, '', { encrypted: false }) }),
        }
        const isProfile = Object.keys(profile).length > 0
        await peer.account.set({ ...(isProfile ? { profile } : {}), labels })
        context.output.json({ root: view.root, set: true })
        context.output.line(say.saved)
        context.output.note(say.syncSoon)
      }),
    )
}
