/**
 * `follow`, `block`, `mute`, their opposites, and `following`.
 *
 * @module
 */

import type { Identity } from '@effigy/core'
import { type Peer, wholeFeed } from '@effigy/peer'
import type { RelationKind, WatchPolicy } from '@effigy/store'
import { Command } from 'commander'
import { headFinal } from '../account.ts'
import type { Context } from '../context.ts'
import { failure } from '../failure.ts'
import { createNames } from '../item-view.ts'
import { help, say, synodSay } from '../messages/index.ts'
import { findPerson } from '../people.ts'
import { type PolicyOptions, policyWith } from '../policy.ts'
import type { Run } from '../run.ts'
import { calmLine } from '../terminal-text.ts'
import { findAlias, isAliasText } from './joining/find-alias.ts'
import { blobsOption, lastOption, sinceOption } from './partial.ts'

const tell: Readonly<Record<RelationKind, (name: string, value: boolean) => string>> = {
  follow: say.following,
  block: say.blocking,
  mute: say.muting,
}

export const relateCommands = (run: Run): readonly Command[] => [
  relateCommand(run, 'follow', 'follow', true),
  relateCommand(run, 'unfollow', 'follow', false),
  relateCommand(run, 'block', 'block', true),
  relateCommand(run, 'unblock', 'block', false),
  relateCommand(run, 'mute', 'mute', true),
  relateCommand(run, 'unmute', 'mute', false),
]

function relateCommand(
  run: Run,
  verb: keyof typeof help.relate,
  kind: RelationKind,
  value: boolean,
): Command {
  const described = new Command(verb).description(help.relate[verb]).argument('<id...>', help.named)
  if (verb === 'follow') described.addOption(lastOption()).addOption(sinceOption()).addOption(blobsOption())
  return described.action((ids: readonly string[], options: PolicyOptions, command: Command) =>
    run(command, async (context) => {
      await using peer = await context.openPeer()
      // `follow add ID` is what some fingers type.
      const typed = ids.length > 1 && ids[0] === 'add' ? ids.slice(1) : ids
      const identities: Identity[] = []
      for (const one of typed) {
        const isAlias = verb === 'follow' && isAliasText(one)
        identities.push(isAlias ? await findAlias(peer, context, one) : findPerson(peer, one, kind))
      }
      const root = peer.account.show()?.root
      const isSelf = (one: Identity): boolean =>
        one === peer.identity || (root !== undefined && peer.account.of(one)?.root === root)
      if (identities.some(isSelf)) throw failure('self-target', verb)
      const names = createNames(peer)
      for (const identity of identities) {
        const policy = policyWith(options, wantedOf(peer, identity))
        const { cid, content } = await peer.relate(kind, identity, value, policy)
        context.output.json({ kind, identity, value, entry: cid, content })
        context.output.line(tell[kind](names.label(identity), value))
      }
    }),
  )
}

/** How much of somebody was wanted so far; everything when nobody said. */
export function wantedOf(peer: Peer, identity: Identity): WatchPolicy {
  const policy = peer.store.feed(identity)?.policy
  return policy === undefined || policy.hop !== undefined ? wholeFeed : policy
}

export function followingCommand(run: Run): Command {
  return new Command('following')
    .description(help.following)
    .option('--blocked', help.listBlocked)
    .option('--muted', help.listMuted)
    .action((options: { readonly blocked?: boolean; readonly muted?: boolean }, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const kind = options.blocked === true ? 'block' : options.muted === true ? 'mute' : 'follow'
        const identities = peer.query.relations(peer.identity, kind)
        for (const identity of onePerPerson(peer, identities)) printPerson(context, peer, identity)
        if (identities.length === 0) context.output.note(say.nothing)
      }),
    )
}

/** One identity of each account, and all that have none. */
function onePerPerson(peer: Peer, identities: readonly Identity[]): readonly Identity[] {
  const persons = new Map<string, Identity>()
  for (const identity of identities) {
    const account = peer.account.of(identity)
    persons.set(account?.root ?? identity, account?.identity ?? identity)
  }
  return [...persons.values()]
}

function printPerson({ output }: Context, peer: Peer, identity: Identity): void {
  const account = peer.account.of(identity)
  const devices = account?.devices ?? []
  const name = createNames(peer).nameOf(identity)
  const feeds = account === null ? [identity] : devices.map((device) => device.identity)
  const covers = feeds.map((feed) => coverOf(peer, feed))
  const held = covers.reduce((sum, cover) => sum + cover.held, 0)
  const totals = covers.flatMap(({ length }) => length ?? [])
  const total = totals.length === 0 ? null : totals.reduce((sum, length) => sum + length, 0)
  const disputed = covers.find((cover) => cover.disputed !== null)?.disputed ?? null
  const broken = covers.find((cover) => cover.broken !== null)?.broken ?? null
  output.json({
    identity,
    name,
    held,
    length: total,
    disputed,
    broken,
    account: account === null ? null : { root: account.root, disputed: account.disputed },
    devices: devices.map(({ label, isNew, ...device }) => ({
      identity: device.identity,
      label,
      isNew,
      ...coverOf(peer, device.identity),
    })),
  })
  const state = total === null ? say.missing : held >= total ? say.entries(held) : say.partly(held, total)
  const trouble =
    broken !== null
      ? `  ${say.brokenFeed(broken.code)}`
      : disputed !== null || account?.disputed === true
        ? `  ${say.disputedFeed}`
        : ''
  const labels = devices.map(({ label }) => calmLine(label)).join(', ')
  const on = labels === '' ? '' : `  ${output.paint('dim', synodSay.devices(labels))}`
  output.line(
    `${output.paint('bold', name ?? '…')}  ${identity}  ${output.paint('dim', state)}${on}${trouble}`,
  )
}

/** What is here of one feed. */
function coverOf({ store }: Peer, identity: Identity) {
  const feed = store.feed(identity)
  return {
    held: feed?.heldCount ?? 0,
    length: feed?.record?.head.length ?? null,
    final: headFinal(feed),
    disputed: feed?.disputedAbove ?? null,
    broken: feed?.broken ?? null,
  }
}
