/**
 * The code by which a person is asked in (DESIGN 3.6, spec L5): a token of a hub, and who vouches for it.
 *
 *     {from, synod, root, hub, url, token, until, count} + signature ◀▶ effigy-invite-1-…
 *
 * It travels behind the `#` of an address, which no server sees.
 *
 * @module
 */

import { parseRoot, type Root } from '../account/keys.ts'
import { encodeBase64url, parseBase64url } from '../base.ts'
import { utf8 } from '../bytes.ts'
import { type Identity, identityKey, identityOfKey } from '../names.ts'
import type { Sha256, SignatureCheck, Signer } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'
import { sign, signingMessage } from '../signing.ts'
import { type JsonObject, writeStrictJson } from '../strict-json.ts'
import { type ByteReader, createByteReader, createByteWriter } from '../varint.ts'
import { type CodeTextFault, readCodeText, writeCodeText } from './code-text.ts'
import { readPlace, writePlace } from './place.ts'

/** What the inviter signs. */
export interface InviteClaim {
  /** The device that invites. */
  readonly from: Identity
  /** Its account: synod and root; null for a lone device. */
  readonly account: { readonly synod: Identity; readonly root: Root } | null
  /** Who has to answer at `url`. */
  readonly hub: Identity
  readonly url: string
  /** 16 random bytes that the hub knows. */
  readonly token: Uint8Array
  /** Ms since 1970, by the hub's clock, which decides. */
  readonly until: number
  /** How many may come with it, from 1; the hub counts. */
  readonly count: number
}

export interface InviteCode extends InviteClaim {
  /** By `from`, 64 bytes; not verified by the parser: see `inviteCheck`. */
  readonly signature: Uint8Array
}

export type InviteCodeFault =
  | CodeTextFault
  /** `late` is what it says: the hub decides, not the clock here. */
  | { readonly code: 'code-expired'; readonly late: InviteCode }

export const inviteTokenBytes = 16

/** Throws a RangeError where the claim has no such form. */
export async function signInvite(claim: InviteClaim, signer: Signer): Promise<InviteCode> {
  if (claim.token.length !== inviteTokenBytes) throw new RangeError('the token of an invite has 16 bytes')
  if (!Number.isSafeInteger(claim.count) || claim.count < 1) throw new RangeError('an invite is for somebody')
  return { ...claim, signature: await sign('invite', signedClaim(claim), signer) }
}

export function writeInviteCode(invite: InviteCode, sha256: Sha256): string {
  const { from, account, hub, url, token, until, count, signature } = invite
  const writer = createByteWriter()
  writer.bytes(token)
  writer.varint(until)
  writer.varint(count)
  writer.bytes(identityKey(from))
  writer.byte(account === null ? 0 : 1)
  if (account !== null) {
    writer.bytes(identityKey(account.synod))
    writer.bytes(parseBase64url(account.root) as Uint8Array)
  }
  writePlace(writer, [hub, url])
  writer.bytes(signature)
  return writeCodeText('invite', writer.take(), sha256)
}

/** What a person scanned, opened or pasted where an invite was asked for. Never throws. */
export function parseInviteCode(
  text: string,
  { nowMs, sha256 }: { readonly nowMs: number; readonly sha256: Sha256 },
): Result<InviteCode, InviteCodeFault> {
  const body = readCodeText(text, 'invite', sha256)
  if (!body.ok) return body
  const invite = readBody(body.value)
  if (invite === null) return err({ code: 'code-damaged' })
  return nowMs >= invite.until ? err({ code: 'code-expired', late: invite }) : ok(invite)
}

/** By purpose `invite`: valid, or `from` never said so. */
export function inviteCheck(invite: InviteCode): SignatureCheck {
  return {
    publicKey: identityKey(invite.from),
    message: signingMessage('invite', utf8(writeStrictJson(signedClaim(invite)))),
    signature: invite.signature,
  }
}

function signedClaim({ from, account, hub, url, token, until, count }: InviteClaim): JsonObject {
  const { synod, root } = account ?? { synod: null, root: null }
  return { v: 1, from, synod, root, hub, url, token: encodeBase64url(token), until, count }
}

function readBody(body: Uint8Array): InviteCode | null {
  const reader = createByteReader(body)
  const token = reader.bytes(inviteTokenBytes)
  const until = reader.varint()
  const count = reader.varint()
  const from = reader.bytes(32)
  if (token === null || until === null || count === null || count < 1 || from === null) return null
  const account = readAccount(reader)
  if (account === 'bad') return null
  const place = readPlace(reader)
  const signature = reader.bytes(64)
  if (place === null || signature === null || reader.left > 0) return null
  const [hub, url] = place
  return {
    from: identityOfKey(from),
    account,
    hub,
    url,
    token: token.slice(),
    until,
    count,
    signature: signature.slice(),
  }
}

function readAccount(reader: ByteReader): InviteClaim['account'] | 'bad' {
  const flag = reader.byte()
  if (flag === 0) return null
  const synod = reader.bytes(32)
  const rootBytes = reader.bytes(32)
  if (flag !== 1 || synod === null || rootBytes === null) return 'bad'
  const root = parseRoot(encodeBase64url(rootBytes))
  return root === null ? 'bad' : { synod: identityOfKey(synod), root }
}
