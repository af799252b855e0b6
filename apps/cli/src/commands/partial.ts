/**
 * `older`, `forget`, `hops`: how much of others' feeds is here.
 *
 * @module
 */
import { type HopLevel, maxHopFeeds, maxHops } from '@effigy/peer'
import { Command, Option } from 'commander'
import { findIdentity } from '../arguments.ts'
import { failure } from '../failure.ts'
import { createNames } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import { deadline, meetHubs } from '../network.ts'
import { depthOf, type PolicyOptions, parseBlobs, parseDate } from '../policy.ts'
import { type Run, wholeNumber } from '../run.ts'

/** Fetched when no number is given. */
const usualCount = 100

export function olderCommand(run: Run): Command {
  return new Command('older')
    .description(help.older)
    .argument('<id>', help.people)
    .argument('[count]', help.olderCount, wholeNumber(1, 1_000_000))
    .option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
    .action(
      (id: string, count: number | undefined, options: { readonly timeout?: number }, command: Command) =>
        run(command, async (context) => {
          const { config, output } = context
          await using peer = await context.openPeer({ verifyThreads: 1 })
          const identity = findIdentity(peer, id)
          using limit = deadline(context, options.timeout ?? config.settings.timeout)
          await meetHubs(peer, context, limit.signal)
          const came = await peer.fetchOlder(identity, count ?? usualCount, {
            signal: limit.signal,
            onProgress: (progress) => output.progress(say.fetching, progress),
          })
          await peer.settled(limit.signal)
          output.clear()
          const held = peer.store.feed(identity)?.heldCount ?? 0
          output.json({ identity, came, held })
          output.line(say.olderCame(came, held))
        }),
    )
}

export function forgetCommand(run: Run): Command {
  return new Command('forget')
    .description(help.forget)
    .argument('<id...>', help.people)
    .action((ids: readonly string[], _options: object, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const identities = ids.map((one) => findIdentity(peer, one))
        if (identities.includes(peer.identity)) throw failure('self-target', 'forget')
        const names = createNames(peer)
        for (const identity of identities) {
          const label = names.label(identity)
          const held = peer.store.feed(identity)?.heldCount ?? 0
          if (peer.query.relations(peer.identity, 'follow').includes(identity)) {
            await peer.relate('follow', identity, false)
          }
          peer.forget(identity)
          context.output.json({ identity, dropped: held })
          context.output.line(say.forgotten(label, held))
        }
        while (peer.store.sweepBlobs()) context.signal.throwIfAborted()
      }),
    )
}

interface HopOptions extends PolicyOptions {
  readonly max?: number
}

export function hopsCommand(run: Run): Command {
  return new Command('hops')
    .description(help.hops)
    .argument('[count]', help.hopCount, wholeNumber(0, maxHops))
    .addOption(lastOption())
    .addOption(sinceOption())
    .addOption(blobsOption())
    .option('--max <count>', help.hopMax, wholeNumber(1, maxHopFeeds))
    .action((count: number | undefined, options: HopOptions, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const { output } = context
        if (count !== undefined) {
          const level: HopLevel = {
            depth: depthOf(options) ?? { type: 'last', count: usualCount },
            blobs: options.blobs ?? { type: 'none' },
            maxFeeds: options.max ?? 1_000,
          }
          peer.setHops(Array.from({ length: count }, () => level))
        }
        const levels = peer.hops()
        const feeds = [...peer.store.feeds({ watched: true })].filter(
          ({ policy }) => policy.hop !== undefined,
        )
        output.json({ hops: levels, feeds: feeds.length })
        output.line(say.hops(levels.length, feeds.length))
      }),
    )
}

export const lastOption = (): Option =>
  new Option('--last <count>', help.last).argParser(wholeNumber(1, 1_000_000_000)).conflicts('since')
export const sinceOption = (): Option => new Option('--since <date>', help.since).argParser(parseDate)
export const blobsOption = (): Option => new Option('--blobs <which>', help.blobs).argParser(parseBlobs)
