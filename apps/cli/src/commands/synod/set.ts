/**
 * `synod set`: what strangers see of the account first, and names of devices.
 *
 * @module
 */
import type { SynodProfile } from '@effigy/core'
import { Command } from 'commander'
import { demandAccount, findDevice } from '../../account.ts'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { parseHubAddress } from '../../hub-address.ts'
import { synodHelp as help, synodSay as say } from '../../messages/index.ts'
import { addPicture } from '../../pictures.ts'
import { gather, type Run } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { gatherLabel, type LabelChange } from './labels.ts'

interface SetOptions {
  readonly name?: string
  readonly about?: string
  readonly avatar?: string
  readonly label?: readonly LabelChange[]
  readonly dropbox?: readonly string[]
}

export function setCommand(run: Run): Command {
  return new Command('set')
    .description(help.set)
    .option('--name <name>', help.name)
    .option('--about <text>', help.about)
    .option('--avatar <file>', help.avatar)
    .option('--label <[device=]label>', help.labels, gatherLabel)
    .option('--dropbox <address>', help.dropbox, gather)
    .action((options: SetOptions, command: Command) =>
      run(command, async (context) => {
        const { name, about, avatar, label = [], dropbox } = options
        const given = [name, about, avatar, dropbox].filter((one) => one !== undefined)
        if (given.length === 0 && label.length === 0) {
          throw failure(
            'usage',
            'There is nothing to set: give --name, --about, --avatar, --label or --dropbox',
          )
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
          ...(dropbox === undefined ? {} : { dropboxes: boxesOf(context, dropbox) }),
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

/** Who answers there is said too: nobody else shall get what is left for this account. */
function boxesOf({ config }: Context, typed: readonly string[]): SynodProfile['dropboxes'] {
  if (typed.length === 1 && typed[0] === 'none') return []
  return typed.map((one) => {
    const parsed = parseHubAddress(one)
    const known = config.hubs.find(({ address }) => address === parsed?.address)?.identity ?? null
    const identity = parsed?.identity ?? known
    if (parsed === null || identity === null) throw failure('bad-address', calmLine(one))
    return [identity, parsed.address]
  })
}
