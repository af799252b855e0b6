/**
 * What people type for entries and identities: whole names, or enough of one to be the only one.
 *
 *     "k3j9x2ab" ─findEntry▶ Item        "me", "z6MkfA…", "…4Yq8nT" ─findIdentity▶ Identity
 *
 * @module
 */
import {
  codeMessages,
  EffigyError,
  type Identity,
  parseIdentity,
  parseRawCid,
  type RawCid,
} from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { Item } from '@effigy/store'
import { failure } from './failure.ts'
import { calmLine } from './terminal-text.ts'

/** Characters that a short name needs: fewer would soon be ambiguous. */
export const minShortLength = 6

/** Candidates that an error lists. */
const maxCandidates = 4

const cidPrefix = 'bafkrei'
const identityPrefix = 'did:key:z6Mk'

/** Whether `typed` is the name, or at least six characters of its beginning (with or without the common prefix) or end. */
export function matchesShort(name: string, typed: string, prefix: string): boolean {
  return name.startsWith(typed) || name.endsWith(typed) || name.startsWith(typed, prefix.length)
}

/**
 * The entry that `typed` means: by its own CID or by that of its content, which stays when
 * earlier entries are deleted. Throws `entry-short`, `entry-unknown`, `entry-ambiguous`.
 *
 * @param within - looks in these feeds alone.
 */
export function findEntry(peer: Peer, typed: string, within?: readonly Identity[]): Item {
  const name = typed.replace(/^…/, '')
  const whole = parseRawCid(name)
  const direct = whole === null ? null : peer.query.item(whole)
  if (direct !== null) return direct
  if (whole === null && [...name].length < minShortLength) throw failure('entry-short', calmLine(typed))
  const found = new Map<RawCid, RawCid>()
  const identities = within ?? Array.from(peer.store.feeds(), (feed) => feed.identity)
  for (const identity of identities) {
    for (const { signed, content } of peer.store.chain(identity)) {
      const isMeant = whole === null ? isShort(name, signed.cid, content) : content === whole
      if (isMeant) found.set(signed.cid, content)
    }
  }
  const [first, second] = found.keys()
  if (first === undefined) throw failure('entry-unknown', calmLine(typed), '')
  if (second !== undefined) throw failure('entry-ambiguous', calmLine(typed), candidates([...found.keys()]))
  const item = peer.query.item(first)
  if (item === null) throw failure('entry-unknown', calmLine(typed), '')
  return item
}

/** The same, for what can only be done with one's own entries: of this device, or of `devices`. */
export function findOwnEntry(
  peer: Peer,
  typed: string,
  devices: readonly Identity[] = [peer.identity],
): Item {
  const item = findEntry(peer, typed, devices)
  if (!devices.includes(item.identity)) throw failure('not-own', calmLine(typed))
  return item
}

/**
 * Whom `typed` means: a whole identity, `me`, or a part of one that is known here.
 * Throws `identity-invalid`, `identity-unknown`, `identity-ambiguous`.
 */
export function findIdentity(peer: Peer, typed: string): Identity {
  const name = typed.replace(/^…/, '')
  if (name === 'me') return peer.identity
  // Its secret is in no error, and nobody is to link a device who was sent it (spec L2).
  if (isLinkCode(name)) throw new EffigyError('code-link', codeMessages['code-link'])
  const whole = parseIdentity(name)
  if (whole !== null) return whole
  if (name.startsWith('did:') && name.length >= 50) throw failure('identity-invalid', calmLine(typed))
  if ([...name].length < minShortLength) throw failure('identity-invalid', calmLine(typed))
  const account = findAccount(peer, name)
  if (account !== null) return account
  const known = new Set<Identity>([peer.identity])
  for (const feed of peer.store.feeds()) known.add(feed.identity)
  for (const kind of ['follow', 'block', 'mute'] as const) {
    for (const identity of peer.query.relations(peer.identity, kind)) known.add(identity)
  }
  const found = [...known].filter((identity) => matchesShort(identity, name, identityPrefix))
  const [first, second] = found
  if (first === undefined) throw failure('identity-unknown', calmLine(typed))
  if (second !== undefined) throw failure('identity-ambiguous', calmLine(typed), candidates(found))
  return first
}

/** The key in power of the account whose root that is, or ends so. */
function findAccount({ store: { synods } }: Peer, typed: string): Identity | null {
  const roots = [...(synods?.roots() ?? [])].filter((root) => matchesShort(root, typed, ''))
  const found = roots.flatMap((root) => synods?.account(root)?.identity ?? [])
  if (found.length > 1) throw failure('identity-ambiguous', calmLine(typed), candidates(roots))
  return found[0] ?? null
}

const isLinkCode = (typed: string): boolean => typed.trim().toLowerCase().startsWith('effigy-link-')

function isShort(typed: string, ...names: readonly string[]): boolean {
  return names.some((name) => matchesShort(name, typed, cidPrefix))
}

function candidates(names: readonly string[]): string {
  const shown = names.slice(0, maxCandidates).map((name) => `…${name.slice(-12)}`)
  return names.length > maxCandidates ? `${shown.join(', ')} and more` : shown.join(', ')
}
