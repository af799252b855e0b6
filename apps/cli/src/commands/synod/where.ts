/**
 * `synod where`: on which devices and hubs one's data is, and a warning when it is here alone.
 *
 * @module
 */
import { type DataPlace, type Extent, tellExtent, whereabouts } from '@effigy/peer'
import { Command } from 'commander'
import { canWrite } from '../../account.ts'
import type { Context } from '../../context.ts'
import { createNames, localDay, localTime, type Names } from '../../item-view.ts'
import { synodHelp as help, help as helpAll, synodSay as say, say as sayAll } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { type Run, wholeNumber } from '../../run.ts'
import { calmLine } from '../../terminal-text.ts'
import { atOption, type MeetOptions, tryToMeet } from './meet.ts'

interface WhereOptions extends MeetOptions {
  readonly timeout?: number
}

export function whereCommand(run: Run): Command {
  return new Command('where')
    .description(help.where)
    .addOption(atOption())
    .option('--timeout <seconds>', helpAll.timeout, wholeNumber(1, 86_400))
    .action((options: WhereOptions, command: Command) =>
      run(command, async (context) => {
        const { output, config } = context
        await using peer = await context.openPeer({ verifyThreads: 1 })
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        await tryToMeet(peer, context, options, limit.signal)
        if (peer.account.show() !== null && canWrite(peer)) await tellExtent(peer)
        await peer.settled(limit.signal)
        await peer.leases.tend({ signal: limit.signal })
        const { places, copies } = whereabouts(peer)
        output.json({ copies, places })
        const names = createNames(peer)
        output.line(say.dataIsOn(places.map((place) => placeText(context, names, place)).join(', ')))
        if (copies === 1) output.note(say.oneCopy)
      }),
    )
}

function placeText({ config }: Context, names: Names, place: DataPlace): string {
  const { identity, type, label, extent, checked, lease } = place
  const address = config.hubs.find((hub) => hub.identity === identity)?.address
  const name =
    type === 'self' && label === null
      ? say.here
      : label !== null
        ? calmLine(label)
        : type === 'hub'
          ? say.hubNamed(address ?? identity)
          : names.label(identity)
  const until = lease === null || lease.failure !== null ? [] : [say.leasedUntil(localDay(lease.until))]
  const failed = lease === null || lease.failure === null ? [] : [say.leaseFailed(lease.failure)]
  const unchecked = checked ? [] : [say.unchecked]
  return `${name} (${[extentText(extent), ...until, ...failed, ...unchecked].join(', ')})`
}

function extentText(extent: Extent): string {
  switch (extent.type) {
    case 'all':
      return say.all
    case 'last':
      return say.lastOnes(sayAll.entries(extent.count))
    case 'since':
      return say.since(localTime(extent.comparable))
    case 'part':
      return sayAll.partly(extent.held, extent.total)
    case 'unknown':
      return say.unknownExtent
  }
}
