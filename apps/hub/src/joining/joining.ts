/**
 * Joining the hub: its invites and its names, over its records (spec W).
 *
 *     records, peer ─▶ redeem (peer hook), isIn (members), services, `/.well-known/effigy/alias`
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { Identity, Root } from '@effigy/core'
import { addressKey } from '@effigy/links/node'
import type { MadeInvite, Peer } from '@effigy/peer'
import type { Clock, Log, Redeem } from '@effigy/sync'
import { openMirror } from '../admin/mirror.ts'
import type { Answer } from '../http/answer.ts'
import type { Asked } from '../http/asked.ts'
import type { HubStore } from '../ports/hub-store.ts'
import { createAliasAnswer } from './alias-answer.ts'
import { type Aliases, createAliases } from './aliases.ts'
import { createGuests, type Guest, type Guests, parseGuest } from './guests.ts'
import { createInvites, type Invites, maxUses } from './invites.ts'
import type { JoiningSettings } from './options.ts'
import { aliasService, inviteService } from './services.ts'

export interface JoiningPorts {
  readonly records: HubStore
  readonly peer: Pick<Peer, 'identity' | 'store' | 'joining' | 'serve'>
  readonly isMember: (identity: Identity) => boolean
  /** Makes a member of who was let in; false: there is no room. */
  readonly admit: (identity: Identity) => boolean
  /** Nothing lets them in any more. */
  readonly dismiss: (identity: Identity) => void
  readonly isFull: (identity: Identity) => boolean
  /** Nobody becomes a member but by a list or an invite. */
  readonly isClosed: boolean
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly log: Log
  /** Ends the watch of the records. */
  readonly signal: AbortSignal
}

export interface OwnInviteOptions {
  /** Of the WebSocket, as those who are invited reach it. */
  readonly url: string
  readonly count: number
  readonly lastsMs: number
}

export interface Joining extends Disposable {
  readonly guests: Guests
  readonly invites: Invites
  readonly aliases: Aliases
  readonly redeem: Redeem
  /** Who came by an invite needs another one from now on, and is no member before. Ends no session. `not-found`: no invite let them in. */
  removeGuest(identity: Identity): Promise<'removed' | 'not-found' | 'busy'>
  /** In the hub's own name, for at most `maxUses`. Null where `url` is none. */
  invite(options: OwnInviteOptions): Promise<MadeInvite | null>
  /** Null: the hub gives no names. `address`: of the WebSocket, for whoever asks. */
  answerAlias(asked: Pick<Asked, 'target' | 'address'>, address: string): Promise<Answer> | null
}

/** Disposing serves no more. Rejects as the records do. */
export async function openJoining(
  { records, peer, isMember, admit, dismiss, isFull, isClosed, clock, log, signal }: JoiningPorts,
  config: JoiningSettings & { readonly name: string },
): Promise<Joining> {
  const { identity, store, joining } = peer
  const mirror = await openMirror<Guest>({
    ...{ bucket: records.bucket('guests'), parse: parseGuest, log, name: 'guests', signal },
  })
  const guests = createGuests(mirror)
  const invites = createInvites({
    invites: records.bucket('invites'),
    inviters: records.bucket('inviters'),
    ...{ guests, self: identity, isFull, keepsGuests: isClosed, clock },
    sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
    isSigned: joining.isSigned,
  })
  const aliases = createAliases({
    ...{ aliases: records.bucket('aliases'), owners: records.bucket('alias-owners'), clock },
  })
  const rootOf = (device: Identity): Root | null =>
    store.synods?.standing(device).type === 'member' ? store.synods.accountOf(device) : null
  const answer = createAliasAnswer({
    ...{ aliases, hub: identity, sign: joining.signAlias, clock },
    synodOf: (root) => store.synods?.account(root)?.identity ?? null,
  })

  const hasWritten = (one: Identity): boolean => (store.feed(one)?.record ?? null) !== null
  const who = { isMember, hasWritten, clock }
  const served = [
    ...(config.invites === 'members' ? [peer.serve(inviteService({ invites, ...who }))] : []),
    ...(config.aliases ? [peer.serve(aliasService({ aliases, rootOf, ...who }))] : []),
  ]

  return {
    guests,
    invites,
    aliases,
    async redeem(remote, body) {
      const refusal = await invites.redeem(remote, body)
      if (refusal === null && !admit(remote)) return { code: 'hub-full', retryMs: null }
      log.info('invite.shown', { code: refusal?.code ?? 'joined' })
      return refusal
    },
    async removeGuest(identity) {
      const guest = guests.get(identity)
      if (guest === null) return 'not-found'
      // The invite first: a guest that is cut off here can be removed again.
      if ((await invites.shutOut(guest.by, identity)) !== null) return 'busy'
      await guests.forget(identity)
      dismiss(identity)
      return 'removed'
    },
    async invite(options) {
      const count = Math.min(options.count, maxUses)
      const made = await joining.ownInvite({ ...options, count }, clip(config.name))
      if (made !== null) await invites.remember(made.token, made.invite)
      return made
    },
    answerAlias: ({ target, address: client }, address) =>
      config.aliases ? answer({ target, address, client: addressKey(client) }) : null,
    [Symbol.dispose]() {
      for (const each of served) each[Symbol.dispose]()
    },
  }
}

/** An invite carries 96 bytes of a name. */
function clip(name: string): string {
  let clipped = name
  while (Buffer.byteLength(clipped) > 96) clipped = [...clipped].slice(0, -1).join('')
  return clipped
}
