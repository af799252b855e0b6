/**
 * `sync`: meets the hubs of the list, and ends when everything was fetched, sent and checked.
 *
 * @module
 */

import type { Identity, Root } from '@effigy/core'
import { explainDirect, type Peer, type PeerStatus } from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import { Command } from 'commander'
import type { Context } from '../context.ts'
import { createNames } from '../item-view.ts'
import { help, say } from '../messages/index.ts'
import { openNear } from '../near.ts'
import { deadline, type MetHub, meetHubs, settle } from '../network.ts'
import { type Run, wholeNumber } from '../run.ts'
import { tellRecoveryNews } from './recovery/news.ts'

interface SyncOptions {
  readonly watch?: boolean
  readonly lan?: boolean
  readonly direct?: boolean
  readonly timeout?: number
}

export function syncCommand(run: Run): Command {
  return new Command('sync')
    .description(help.sync)
    .option('--watch', help.watch)
    .option('--lan', help.lan)
    .option('--direct', help.direct)
    .option('--timeout <seconds>', help.timeout, wholeNumber(1, 86_400))
    .action((options: SyncOptions, command: Command) =>
      run(command, async (context) => {
        const { config } = context
        await using peer = await context.openPeer({ verifyThreads: 1, isDirect: options.direct ?? false })
        const before = heldEntries(peer)
        const recovery = peer.recovery.show()
        const followed = followedRoots(peer)
        using limit = deadline(context, options.timeout ?? config.settings.timeout)
        await using near = options.lan === true ? await openNear(context, peer) : null
        const met = await meetHubs(peer, context, limit.signal, { orOthers: near !== null })
        await near?.looked(limit.signal, { mayBeAlone: options.watch ?? false })
        let status = await settle(peer, context, met, limit.signal)
        // What waited for this person, and what is promised to them.
        await peer.drops.settled(limit.signal)
        // Keys that came name people whose words are still to be fetched.
        while (await peer.groups.settled()) status = await settle(peer, context, met, limit.signal)
        // Letters go out, and keys of private feeds come, after the heads that they belong to.
        while (await peer.privateFeed.settled(limit.signal)) {
          status = await settle(peer, context, met, limit.signal)
        }
        await peer.leases.tend({ signal: limit.signal })
        summary(context, peer, { met, status, before })
        tellFound(context, peer, followed)
        tellRecoveryNews(context, peer, recovery)
        // No command lives long enough for what a peer does every hour.
        peer.store.maintain()
        if (options.watch === true) await watch(context, peer, met)
      }),
    )
}

interface Result {
  readonly met: readonly MetHub[]
  readonly status: PeerStatus
  readonly before: number
}

function summary({ output }: Context, peer: Peer, { met, status, before }: Result): void {
  const feeds = [...peer.store.feeds({ watched: true })]
  const entries = heldEntries(peer)
  const reached = met.filter(({ identity }) => identity !== null)
  output.json({
    type: 'synced',
    hubs: met.map(({ address, identity }) => ({ address, identity, reached: identity !== null })),
    feeds: feeds.length,
    entries,
    newEntries: Math.max(entries - before, 0),
    behind: status.behind.entries,
    unverified: status.unverified,
    blobsWanted: status.blobs.wanted,
    sessions: status.sessions.map(({ identity, kind, upToDate, hasMine, via }) => ({
      identity,
      kind,
      upToDate,
      hasMine,
      via: { ...via },
    })),
  })
  const hubs = reached.map(({ identity }) => identity)
  const others = status.sessions.filter(({ identity }) => !hubs.includes(identity)).length
  const whom = others === 0 ? say.hubs(reached.length) : say.hubsAndOthers(reached.length, others)
  output.line(say.synced(whom, say.entries(entries), say.feeds(feeds.length)))
  if (status.blobs.wanted > 0) output.note(say.blobsMissing(say.fileCount(status.blobs.wanted)))
}

function followedRoots({ store, identity }: Peer): ReadonlySet<Root | null> {
  return new Set(store.follows(identity, Number.MAX_SAFE_INTEGER).map(({ root }) => root))
}

/** Who was followed as one device, and is followed with all of them now (Y25). */
function tellFound({ output }: Context, peer: Peer, before: ReadonlySet<Root | null>): void {
  for (const { identity, root } of peer.store.follows(peer.identity, Number.MAX_SAFE_INTEGER)) {
    if (!before.has(root)) output.note(say.accountFound(createNames(peer).label(identity)))
  }
}

/** Stays connected; says when something came. Ends with Ctrl-C. */
async function watch(context: Context, peer: NodePeer, met: readonly MetHub[]): Promise<void> {
  const { output, signal } = context
  output.note(say.watching)
  let before = heldEntries(peer)
  const told = new Map<Identity, string>()
  for await (const status of peer.statuses(signal)) {
    tellWays(context, peer, status, told)
    const entries = heldEntries(peer)
    if (entries === before || status.behind.entries > 0) continue
    summary(context, peer, { met, status, before })
    before = entries
  }
  signal.throwIfAborted()
}

/** How others than hubs are connected, when that is another way than before. */
function tellWays({ output }: Context, peer: Peer, status: PeerStatus, told: Map<Identity, string>): void {
  for (const { identity, kind, via } of status.sessions) {
    const why = via.why === null || via.why === 'connecting' ? null : explainDirect(via.why)
    if (kind === 'hub' || told.get(identity) === via.type) continue
    told.set(identity, via.type)
    output.note(say.way(createNames(peer).label(identity), via.type, why))
  }
}

function heldEntries(peer: Peer): number {
  let held = 0
  for (const feed of peer.store.feeds({ watched: true })) held += feed.heldCount
  return held
}
