/**
 * Operations on a group as they are judged, and the name of a group (spec Q1, Q2).
 *
 *     creator, salt ─hash▶ id of the group          operation ─▶ (identity, content) that later ones know
 *
 * @module
 */
import { encodeBase64url } from '../base.ts'
import { concatBytes, utf8 } from '../bytes.ts'
import { compareCids, compareIdentities, type Identity } from '../names.ts'
import type { Account } from '../payloads/accounts.ts'
import type { ContentName } from '../payloads/base-fields.ts'
import type { Group } from '../payloads/schemas/group.ts'
import type { Sha256 } from '../ports.ts'
import { writeStrictJson } from '../strict-json.ts'

/** A `group` payload in a verified entry that stands, by the name that others know it under. */
export interface GroupEntry extends ContentName {
  readonly payload: Group
  /** Of the entry: which of one author's operations came first, where there are too many. */
  readonly comparable: number
}

/** One key a person, the same for all its devices and all that name it. */
export type Person = string

/** Who is meant by an account in a list, or (root null) by the device that wrote something; by what is known now. */
export type PersonOf = (account: Account) => Person

/** Operations of one person that are looked at, the first by (comparable, content): nobody fills a group alone. */
export const maxOperationsOfPerson = 1_024

/** Operations of a group that are looked at, the first in their order: judging them takes a fraction of a second. */
export const maxOperations = 4_096

/** People in the lists of those of one person, and of a group: each is looked for among all that was said of them before. */
export const maxListedByPerson = 2_048
export const maxListed = 8_192

const idBytes = 16

/** The id of the group that `identity` creates with `salt` (16 bytes, base64url): nobody else can create it. */
export function groupId(identity: Identity, salt: string, sha256: Sha256): string {
  return derivedId('effigy/group/1\n', writeStrictJson({ identity, salt }), sha256)
}

/** The conversation in which the operations of a group are sealed: newcomers read all of it, whatever `history` says (Q11). */
export function operationsConversation(group: string, sha256: Sha256): string {
  return derivedId('effigy/group-operations/1\n', writeStrictJson({ group }), sha256)
}

/** Whether this is the first operation of the group that it names, made by who may give that name. */
export function isCreation({ identity, payload }: GroupEntry, sha256: Sha256): boolean {
  const { operation, salt, group } = payload
  return operation === 'create' && salt !== undefined && groupId(identity, salt, sha256) === group
}

/** A key of a map: two names have the same one when they are the same. */
export function nameKey({ identity, content }: ContentName): string {
  return `${identity} ${content}`
}

/** The people whom an operation lists. */
export function listed({ payload }: GroupEntry): readonly Account[] {
  return 'members' in payload ? payload.members : 'targets' in payload ? payload.targets : []
}

/** By content, then author; by bytes, as everywhere (N4). */
export function compareNames(a: ContentName, b: ContentName): number {
  return compareCids(a.content, b.content) || compareIdentities(a.identity, b.identity)
}

function derivedId(purpose: string, text: string, sha256: Sha256): string {
  return encodeBase64url(sha256(concatBytes(utf8(purpose), utf8(text))).slice(0, idBytes))
}
