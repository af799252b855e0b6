/**
 * What the joining device believes of the account's answer (spec L13): only what is proven.
 *
 *     entry, head ─▶ one feed, one entry ─▶ a state hung on that root that lists us ─▶ every signature
 *
 * @module
 */
import {
  claimState,
  decodeEntry,
  encodeBase64url,
  entryCheck,
  headCheck,
  type Root,
  type SignatureCheck,
  type SynodMember,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Admitted } from './pairing-state.ts'

/** `[identity, box, label, serial, signature]` of who asks to join. */
export function memberOf(
  member: { readonly identity: SynodMember[0]; readonly box: Uint8Array; readonly label: string },
  serial: number,
  signature: Uint8Array,
): SynodMember {
  return [member.identity, encodeBase64url(member.box), member.label, serial, encodeBase64url(signature)]
}

/** The signatures that have to be valid, or null where the state is not that of `root` or does not list `member`. */
export function admittedChecks(
  { entry, head }: Admitted,
  root: Root,
  member: SynodMember,
  sha256: Crypto['sha256'],
): readonly SignatureCheck[] | null {
  const decoded = decodeEntry(entry, sha256)
  if (!decoded.ok) return null
  const signed = decoded.value
  const { identity, length, comparable } = signed.entry
  const { head: top } = head
  if (top.identity !== identity || top.head !== signed.cid || top.epoch !== 1) return null
  if (top.length !== length || top.comparable !== comparable) return null
  const claim = claimState(signed, top.epoch, sha256)
  if (claim === null || claim.proven.state.root !== root) return null
  const listed = claim.proven.state.identities.find(([name]) => name === member[0])
  // The label is the account's own; all else is what we signed.
  if (listed === undefined || !isSameMember(listed, member)) return null
  return [headCheck(head), entryCheck(signed), ...claim.checks]
}

function isSameMember(a: SynodMember, b: SynodMember): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[3] === b[3] && a[4] === b[4]
}
