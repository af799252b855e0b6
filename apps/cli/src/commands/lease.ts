/**
 * `lease ask | list | check | end | held`: who keeps what one wrote, and whether they do.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { GivenLease, LeaseOutcome, Peer } from '@effigy/peer'
import type { WatchPolicy } from '@effigy/store'
import { Command, Option } from 'commander'
import { findIdentity } from '../arguments.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { parseHubAddress } from '../hub-address.ts'
import { createNames, localDay, sizeText } from '../item-view.ts'
import { help, leaseHelp, leaseSay as say, say as sayAll } from '../messages/index.ts'
import { deadline } from '../network.ts'
import { parseBlobs } from '../policy.ts'
import { type Run, wholeNumber } from '../run.ts'
import { atOption, type MeetOptions, meetDevices } from './synod/meet.ts'

interface LeaseOptions extends MeetOptions {
  readonly timeout?: number
  readonly days?: number
  readonly blobs?: WatchPolicy['blobs']
}

export function leaseCommand(run: Run): Command {
  return new Command('lease')
    .description(leaseHelp.lease)
    .addCommand(askCommand(run))
    .addCommand(listCommand(run))
    .addCommand(checkCommand(run))
    .addCommand(endCommand(run))
    .addCommand(heldCommand(run))
}

function askCommand(run: Run): Command {
  return meeting(new Command('ask').description(leaseHelp.ask).argument('[holder]', leaseHelp.holder))
    .addOption(new Option('--days <count>', leaseHelp.days).argParser(wholeNumber(1, 90)))
    .addOption(new Option('--blobs <which>', leaseHelp.blobs).argParser(parseBlobs))
    .action((typed: string | undefined, options: LeaseOptions, command: Command) =>
      run(command, (context) =>
        withPeer(context, options, typed, async (peer, holders, signal) => {
          const { days, blobs } = options
          const outcomes: { readonly holder: Identity; readonly outcome: LeaseOutcome }[] = []
          for (const holder of holders) {
            const given = await peer.leases.ask(holder, {
              ...(days === undefined ? {} : { days }),
              ...(blobs === undefined ? {} : { blobs: largest(blobs) }),
              signal,
            })
            for (const outcome of given) outcomes.push({ holder, outcome })
          }
          for (const { holder, outcome } of outcomes) tellOutcome(context, peer, holder, outcome)
          const refused = outcomes.flatMap(({ outcome }) =>
            outcome.type === 'refused' ? [outcome.code] : [],
          )
          if (refused.length === outcomes.length) throw failure('lease-refused', refused[0] ?? 'not-here')
        }),
      ),
    )
}

function listCommand(run: Run): Command {
  return new Command('list').description(leaseHelp.list).action((_options: object, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      tellLeases(context, peer, peer.leases.list())
    }),
  )
}

function checkCommand(run: Run): Command {
  return meeting(
    new Command('check').description(leaseHelp.check).argument('[holder]', leaseHelp.everyHolder),
  ).action((typed: string | undefined, options: LeaseOptions, command: Command) =>
    run(command, (context) =>
      withPeer(context, options, typed, async (peer, holders, signal) => {
        const theirs = new Set(holders)
        for (const holder of holders) await peer.leases.tend({ holder, signal })
        const leases = peer.leases.list().filter(({ holder }) => typed === undefined || theirs.has(holder))
        tellLeases(context, peer, leases)
        const broken = leases.filter(({ state }) => state === 'failed' || state === 'gone')
        if (broken.length > 0) throw failure('lease-broken', broken.length)
      }),
    ),
  )
}

function endCommand(run: Run): Command {
  return meeting(
    new Command('end').description(leaseHelp.end).argument('[holder]', leaseHelp.everyHolder),
  ).action((typed: string | undefined, options: LeaseOptions, command: Command) =>
    run(command, (context) =>
      withPeer(context, options, typed, async (peer, holders, signal) => {
        const promised = new Set(peer.leases.list().map(({ holder }) => holder))
        const connected = new Set(peer.status().sessions.map(({ identity }) => identity))
        for (const holder of typed === undefined ? promised : holders) {
          await peer.leases.end(holder, { signal })
          const name = holderName(context, peer, holder)
          context.output.json({ holder, ended: connected.has(holder) })
          context.output.line(connected.has(holder) ? say.ended(name) : say.toldLater(name))
        }
      }),
    ),
  )
}

function heldCommand(run: Run): Command {
  return new Command('held').description(leaseHelp.held).action((_options: object, command: Command) =>
    run(command, async ({ openPeer, output }) => {
      await using peer = await openPeer()
      const held = peer.leases.held()
      for (const { feed, owner, until, bytes } of held) {
        output.json({ feed, owner, until, bytes })
        output.line(say.held(deviceName(peer, feed), localDay(until), sizeText(bytes)))
      }
      if (held.length === 0) output.note(say.noneHeld)
    }),
  )
}

function meeting(command: Command): Command {
  return command.addOption(atOption()).option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
}

/** With everybody met, what was written given to them, and whom is meant. Throws as `meetDevices` and `findIdentity` do. */
async function withPeer(
  context: Context,
  options: LeaseOptions,
  typed: string | undefined,
  work: (peer: Peer, holders: readonly Identity[], signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await using peer = await context.openPeer({ verifyThreads: 1 })
  using limit = deadline(context, options.timeout ?? context.config.settings.timeout)
  const { signal } = limit
  const known = typed === undefined ? null : holderOf(context, peer, typed)
  await meetDevices(peer, context, options, signal)
  await peer.settled(signal)
  const { sessions } = peer.status()
  const met = sessions.flatMap(({ identity, kind }) => (kind === 'hub' ? [identity] : []))
  await work(peer, known === null ? met : [known], signal)
}

/** A hub of the list, by its address; else anybody who is known. */
function holderOf({ config }: Context, peer: Peer, typed: string): Identity {
  const address = parseHubAddress(typed)?.address ?? typed
  const hub = config.hubs.find((known) => known.address === address)?.identity ?? null
  return hub ?? findIdentity(peer, typed)
}

function holderName({ config }: Context, peer: Peer, holder: Identity): string {
  const hub = config.hubs.find(({ identity }) => identity === holder)
  return hub?.address ?? deviceName(peer, holder)
}

/** Each device has a feed of its own: the name of the person alone would not tell them apart. */
function deviceName(peer: Peer, identity: Identity): string {
  const names = createNames(peer)
  const device = (names.account(identity)?.device ?? '').trim()
  return device === '' ? names.label(identity) : `${names.label(identity)}, ${device}`
}

function largest(blobs: WatchPolicy['blobs']): number {
  return blobs.type === 'up-to' ? blobs.bytes : blobs.type === 'none' ? 0 : Number.MAX_SAFE_INTEGER
}

function filesText(blobs: number): string {
  if (blobs === 0) return say.noFiles
  return blobs === Number.MAX_SAFE_INTEGER ? say.allFiles : say.withFiles(sizeText(blobs))
}

function tellOutcome(context: Context, peer: Peer, holder: Identity, outcome: LeaseOutcome): void {
  const { output } = context
  const name = holderName(context, peer, holder)
  const feed = deviceName(peer, outcome.feed)
  output.json({ holder, ...outcome })
  if (outcome.type === 'refused') output.note(say.refused(name, feed, outcome.code))
  else output.line(say.leased(name, feed, localDay(outcome.until), filesText(outcome.blobs)))
}

function tellLeases(context: Context, peer: Peer, leases: readonly GivenLease[]): void {
  const { output } = context
  for (const lease of leases) {
    const { holder, feed, state, until, length, failure: code } = lease
    output.json({ ...lease })
    const why = code === null ? undefined : say.why[code]
    const text = `${say.states[state](localDay(until))}${why === undefined ? '' : `: ${why}`}`
    output.line(
      say.row(holderName(context, peer, holder), deviceName(peer, feed), text, sayAll.entries(length)),
    )
  }
  if (leases.length === 0) output.note(say.none)
}
