/**
 * `report`: tells whoever runs a hub of somebody, or of one entry of theirs (spec V92).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HubReport, Peer } from '@effigy/peer'
import { Command, Option } from 'commander'
import { findEntry } from '../arguments.ts'
import { failure } from '../failure.ts'
import { readText } from '../input.ts'
import { createNames } from '../item-view.ts'
import { reportHelp as help, reportSay as say } from '../messages/index.ts'
import { findPerson } from '../people.ts'
import type { Run } from '../run.ts'
import { refused } from './joining/hub-of.ts'
import { atHub, timed } from './joining/invite.ts'

const reasons: readonly HubReport['reason'][] = ['illegal', 'abuse', 'spam', 'impersonation', 'other']

/** V92, UTF-16 units. */
const maxTextLength = 1_000

interface ReportOptions {
  readonly reason: HubReport['reason']
  readonly entry?: string
  readonly hub?: string
  readonly timeout?: number
}

export function reportCommand(run: Run): Command {
  return timed(
    new Command('report')
      .description(help.report)
      .argument('<id>', help.about)
      .argument('[text]', help.text)
      .addOption(new Option('--reason <reason>', help.reason).choices(reasons).makeOptionMandatory())
      .option('--entry <entry>', help.entry)
      .option('--hub <address>', help.hub),
  ).action((id: string, typed: string | undefined, options: ReportOptions, command: Command) =>
    run(command, async (context) => {
      const text = typed === undefined ? '' : (await readText(context, typed)).trim()
      if (text.length > maxTextLength) throw failure('text-too-long', '1,000 characters')
      const { reason, hub: address, timeout } = options
      await atHub(context, address, timeout, async (peer, hub, at) => {
        const about = findPerson(peer, id)
        if (about === peer.identity || isSame(peer, about, peer.identity))
          throw failure('self-target', 'report')
        const item = options.entry === undefined ? null : findEntry(peer, options.entry)
        if (item !== null && !isSame(peer, about, item.identity)) throw failure('not-theirs')
        // The device that wrote it: the hub's operator looks there.
        const report = { about: item?.identity ?? about, content: item?.content ?? null, reason, text }
        const told = await peer.moderation.report(hub, report, at.signal)
        if (!told.ok) throw refused(told.error)
        const { output } = context
        output.json({ hub, ...report, reported: true })
        output.line(say.reported(createNames(peer).label(about), at.address))
        output.note(say.hide(`effigy block ${about}`))
      })
    }),
  )
}

/** Two devices of one person. */
function isSame({ account }: Peer, one: Identity, other: Identity): boolean {
  const root = account.of(one)?.root
  return one === other || (root !== undefined && account.of(other)?.root === root)
}
