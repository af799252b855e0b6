/**
 * What is signed for others: invites, and a hub's word for its names (spec L5, W1, W22).
 *
 * @module
 */
import {
  type Identity,
  type InviteClaim,
  inviteCheck,
  inviteTokenBytes,
  inviteTokenName,
  type RandomBytes,
  type Sha256,
  type Signer,
  signAlias,
  signInvite,
  writeInviteCode,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Clock } from '@effigy/sync'
import { inviteLink } from './invite-link.ts'
import type { HubVouching, MadeInvite } from './joining.ts'

export interface VouchingPorts {
  /** The hub. */
  readonly identity: Identity
  readonly signer: Signer
  readonly crypto: Pick<Crypto, 'verify' | 'sha256'>
  readonly clock: Pick<Clock, 'now'>
  readonly random: RandomBytes
}

export function createVouching({ identity, signer, crypto, clock, random }: VouchingPorts): HubVouching {
  return {
    async ownInvite({ url, count, lastsMs }, name) {
      const token = random(inviteTokenBytes)
      const until = clock.now() + lastsMs
      const claim = { from: identity, name, account: null, hub: identity, url, token, until, count }
      return signedInvite(claim, { signer, sha256: crypto.sha256 })
    },
    async isSigned(invite) {
      const [isValid] = await crypto.verify([inviteCheck(invite)])
      return isValid === true
    },
    signAlias: (claim) => signAlias({ ...claim, hub: identity }, signer),
  }
}

/** Null where `url` is no address of a WebSocket. */
export async function signedInvite(
  claim: InviteClaim,
  { signer, sha256 }: { readonly signer: Signer; readonly sha256: Sha256 },
): Promise<MadeInvite | null> {
  const invite = await signInvite(claim, signer)
  const link = inviteLink(claim.url, writeInviteCode(invite, sha256))
  return link === null ? null : { invite, link, token: inviteTokenName(claim.token, sha256) }
}
