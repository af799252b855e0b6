/**
 * Joining hubs, and the names that they give (spec W): what apps use of it.
 *
 *     create ─▶ link ─passed on▶ join ─▶ a member of that hub        alice@hub.example ─resolveAlias▶ account
 *
 * @module
 */
import type { AliasClaim, Identity, InviteCode, Result, Root } from '@effigy/core'
import type { ServiceRefusal } from '@effigy/sync'

/** What a device gave away at a hub. */
export interface HeldInvite {
  /** What the hub knows of its token; names it. */
  readonly token: string
  /** Ms since 1970, by the hub's clock. */
  readonly until: number
  readonly count: number
  readonly used: number
  readonly revoked: boolean
}

export interface MadeInvite {
  readonly invite: InviteCode
  /** `https://hub.example/i/#effigy-invite-1-…`: whoever has it may come. */
  readonly link: string
  /** Names it at the hub. */
  readonly token: string
}

export interface InviteOptions {
  /** Where others reach the hub: `ws:` or `wss:`. */
  readonly url: string
  /** How many may come with it; 1 when omitted. */
  readonly count?: number
  /** Ms that it is good for; 7 days when omitted. */
  readonly lastsMs?: number
  /** Whether whoever comes with it is followed in return (W9); true for an invite for one, when omitted. */
  readonly followsBack?: boolean
  readonly signal: AbortSignal
}

/** An account that a hub and it itself call so. */
export interface ResolvedAlias {
  /** As W20 writes it. */
  readonly alias: string
  /** Its key in power, and its root. */
  readonly identity: Identity
  readonly root: Root
  /** The hub that gave the name, and where it is dialled. */
  readonly hub: Identity
  readonly address: string
}

export type AliasCode =
  | 'alias-invalid'
  /** Nobody answers at that host, or not in time. */
  | 'alias-unreachable'
  /** The host leads to a private network, which nobody typed. */
  | 'alias-private'
  /** The host sends elsewhere. */
  | 'alias-redirect'
  /** It knows no such name. */
  | 'alias-unknown'
  | 'alias-too-fast'
  /** No hub answers there, or it says what no hub may. */
  | 'alias-bad-answer'
  /** Signed a day ago or more, by the clock here. */
  | 'alias-stale'
  /** Nobody who could be asked has that account. */
  | 'alias-no-account'
  /** The hub names another account than the one that is there, or that one does not go by this name. */
  | 'alias-denied'

export interface AliasFault {
  readonly code: AliasCode
}

/** Invites go to whoever is connected under that identity, as `Peer.call` does; refused with the hub's codes (W4, W7, W25). */
export interface PeerJoining extends HubVouching {
  /**
   * Shows an invite to its hub. Refused with a code of W4, `invite-altered` without asking when its inviter never signed
   * it; with what `connect` fails with (`unreachable`, `identity`, …). Whether it has expired is for the hub to say.
   */
  join(invite: InviteCode, options: { readonly signal: AbortSignal }): Promise<Result<null, ServiceRefusal>>
  /**
   * Tells whoever gave an invite that one came with it (W8): they follow back where they said so. After `join`, and after
   * `inviter` was found (`findAccount`). Rejects as `drops.send` does.
   */
  greet(invite: InviteCode, inviter: Identity, options: { readonly signal: AbortSignal }): Promise<void>
  /** Asks a hub to let others in by a link, and makes it. */
  invite(hub: Identity, options: InviteOptions): Promise<Result<MadeInvite, ServiceRefusal>>
  invites(hub: Identity, signal: AbortSignal): Promise<Result<readonly HeldInvite[], ServiceRefusal>>
  revoke(hub: Identity, token: string, signal: AbortSignal): Promise<Result<null, ServiceRefusal>>
  /** A name at a hub for one's account. It counts once the account's profile lists it too (`aliases`). */
  claimAlias(hub: Identity, name: string, signal: AbortSignal): Promise<Result<null, ServiceRefusal>>
  releaseAlias(hub: Identity, name: string, signal: AbortSignal): Promise<Result<null, ServiceRefusal>>
  aliases(hub: Identity, signal: AbortSignal): Promise<Result<readonly string[], ServiceRefusal>>
  /**
   * Whom an alias means: the hub's word and the account's own agree. The account's feeds are fetched for it, and
   * watched no longer afterwards unless somebody follows it. Rejects with the signal's reason alone.
   */
  resolveAlias(
    text: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Result<ResolvedAlias, AliasFault>>
  /** An account by its key and root, as those who are connected have it; null when they have none, or another one under that key. */
  findAccount(
    account: { readonly synod: Identity; readonly root: Root },
    options: { readonly signal: AbortSignal },
  ): Promise<Identity | null>
}

/** What a hub needs of its own key. */
export interface HubVouching {
  /** An invite to itself, that it has to remember nothing of (W1). Null where `url` is none. */
  ownInvite(
    options: Required<Pick<InviteOptions, 'url' | 'count' | 'lastsMs'>>,
    name: string,
  ): Promise<MadeInvite | null>
  /** Whether its inviter signed it. */
  isSigned(invite: InviteCode): Promise<boolean>
  /** Its word for one of its names (W22). */
  signAlias(claim: Omit<AliasClaim, 'hub'>): Promise<Uint8Array>
}

export interface FetchFault {
  readonly code: 'alias-unreachable' | 'alias-private' | 'alias-redirect' | 'alias-bad-answer'
}

/**
 * One GET: no redirect, no cookies, no address that is private unless `isLocal`, no more than `maxBytes` read. Rejects
 * with the signal's reason alone.
 */
export type FetchAlias = (
  url: string,
  options: { readonly isLocal: boolean; readonly maxBytes: number; readonly signal: AbortSignal },
) => Promise<Result<{ readonly status: number; readonly body: Uint8Array }, FetchFault>>
