/**
 * The code by which a person is asked in (spec L5): a token of a hub, and who vouches for it.
 *
 *     {from, name, synod, root, hub, url, token, until, count} + signature ◀▶ body ◀▶ effigy-invite-1-…
 *
 * It travels behind the `#` of an address, which no server sees; its body goes to the hub alone, in a session (W3).
 *
 * @module
 */

import { parseRoot, type Root } from '../account/keys.ts'
import { encodeBase64url, parseBase64url } from '../base.ts'
import { concatBytes, parseUtf8, utf8 } from '../bytes.ts'
import { type Identity, identityKey, identityOfKey } from '../names.ts'
import { isLine } from '../payloads/bounded-text.ts'
import { maxNameBytes } from '../payloads/limits.ts'
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
  /** As the inviter calls themselves: a line of at most 96 bytes, maybe empty. Anybody may write any name. */
  readonly name: string
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

/** What a body has at most: more is refused unread. */
export const maxInviteBytes = 640

/** By what name a hub knows a token that it does not keep (W1): 43 characters. */
export function inviteTokenName(token: Uint8Array, sha256: Sha256): string {
  return encodeBase64url(sha256(concatBytes(utf8('effigy/token/1\n'), token)))
}

/** Throws a RangeError where the claim has no such form. */
export async function signInvite(claim: InviteClaim, signer: Signer): Promise<InviteCode> {
  if (claim.token.length !== inviteTokenBytes) throw new RangeError('the token of an invite has 16 bytes')
  if (!Number.isSafeInteger(claim.count) || claim.count < 1) throw new RangeError('an invite is for somebody')
  if (!isName(claim.name)) throw new RangeError('the name in an invite is one line of at most 96 bytes')
  return { ...claim, signature: await sign('invite', signedClaim(claim), signer) }
}

/** The text of a code, `effigy-invite-1-…`; throws a RangeError where it does not fit its form. */
export function writeInviteCode(invite: InviteCode, sha256: Sha256): string {
  return writeCodeText('invite', writeInviteBody(invite), sha256)
}

/** What the code spells, and what is shown to the hub. */
export function writeInviteBody(invite: InviteCode): Uint8Array {
  const { from, name, account, hub, url, token, until, count, signature } = invite
  const writer = createByteWriter()
  writer.bytes(token)
  writer.varint(until)
  writer.varint(count)
  writer.bytes(identityKey(from))
  const nameBytes = utf8(name)
  writer.byte(nameBytes.length)
  writer.bytes(nameBytes)
  writer.byte(account === null ? 0 : 1)
  if (account !== null) {
    writer.bytes(identityKey(account.synod))
    writer.bytes(parseBase64url(account.root) as Uint8Array)
  }
  writePlace(writer, [hub, url])
  writer.bytes(signature)
  return writer.take()
}

/** What a person scanned, opened or pasted where an invite was asked for. Never throws. */
export function parseInviteCode(
  text: string,
  { nowMs, sha256 }: { readonly nowMs: number; readonly sha256: Sha256 },
): Result<InviteCode, InviteCodeFault> {
  const body = readCodeText(text, 'invite', sha256)
  if (!body.ok) return body
  const invite = readInviteBody(body.value)
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

function signedClaim({ from, name, account, hub, url, token, until, count }: InviteClaim): JsonObject {
  const { synod, root } = account ?? { synod: null, root: null }
  return { v: 1, from, name, synod, root, hub, url, token: encodeBase64url(token), until, count }
}

/** Null unless the bytes are exactly that; the signature is not verified. */
export function readInviteBody(body: Uint8Array): InviteCode | null {
  if (body.length > maxInviteBytes) return null
  const reader = createByteReader(body)
  const token = reader.bytes(inviteTokenBytes)
  const until = reader.varint()
  const count = reader.varint()
  const from = reader.bytes(32)
  if (token === null || until === null || count === null || count < 1 || from === null) return null
  const name = readName(reader)
  if (name === null) return null
  const account = readAccount(reader)
  if (account === 'bad') return null
  const place = readPlace(reader)
  const signature = reader.bytes(64)
  if (place === null || signature === null || reader.left > 0) return null
  const [hub, url] = place
  return {
    from: identityOfKey(from),
    name,
    account,
    hub,
    url,
    token: token.slice(),
    until,
    count,
    signature: signature.slice(),
  }
}

function readName(reader: ByteReader): string | null {
  const length = reader.byte()
  const bytes = length === null ? null : reader.bytes(length)
  const name = bytes === null ? null : parseUtf8(bytes)
  return name !== null && isName(name) ? name : null
}

function isName(name: string): boolean {
  return isLine(name) && utf8(name).length <= maxNameBytes
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
