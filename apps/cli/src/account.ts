/**
 * The account of this home, as commands see it: its devices by what people type.
 *
 *     "phone", "z6Mk…", "…4Yq8nT" ─findDevice▶ Identity
 *
 * @module
 */
import { finalOfHead, type Identity, parseIdentity } from '@effigy/core'
import type { AccountMember, AccountView, Peer } from '@effigy/peer'
import type { FeedState } from '@effigy/store'
import { matchesShort, minShortLength } from './arguments.ts'
import { failure } from './failure.ts'
import { synodSay as say } from './messages/index.ts'
import { calmLine } from './terminal-text.ts'

/** Throws `no-account`. */
export function demandAccount(peer: Peer): AccountView {
  const view = peer.account.show()
  if (view === null) throw failure('no-account')
  return view
}

/** Whether this device has its say, in an account or without one. */
export function canWrite(peer: Peer): boolean {
  const role = peer.account.show()?.role ?? null
  return role !== 'revoked' && role !== 'frozen' && peer.status().mayWrite
}

/** Whose entries are one's own: this device's, and those of all that its account has or had (Y21). */
export function ownDevices(peer: Peer): readonly Identity[] {
  const view = peer.account.show()
  const isMember = view !== null && view.role !== 'revoked' && view.role !== 'frozen'
  const others = isMember ? [...view.members, ...view.revoked, ...view.frozen] : []
  return [...new Set([peer.identity, ...others.map(({ identity }) => identity)])]
}

/** Members, and those who were. Throws `device-unknown`, `device-ambiguous`. */
export function findDevice({ members, revoked, frozen }: AccountView, typed: string): Identity {
  const name = typed.replace(/^…/, '')
  const whole = parseIdentity(name)
  if (whole !== null) return whole
  const self = members.find(({ isSelf }) => isSelf)
  if (name === 'me' && self !== undefined) return self.identity
  const labelled = members.filter(({ label }) => label === name)
  const known = [...members, ...revoked, ...frozen].map(({ identity }) => identity)
  const isShort = [...name].length >= minShortLength
  const found =
    labelled.length > 0
      ? labelled.map(({ identity }) => identity)
      : known.filter((identity) => isShort && matchesShort(identity, name, 'did:key:z6Mk'))
  const [first, second] = found
  if (first === undefined) throw failure('device-unknown', calmLine(typed))
  if (second !== undefined) throw failure('device-ambiguous', calmLine(typed))
  return first
}

/** What a device is called, in one harmless line. */
export function deviceLabel(view: AccountView | null, identity: Identity): string {
  const label = view?.members.find((member) => member.identity === identity)?.label ?? ''
  return label === '' ? `…${identity.slice(-8)}` : calmLine(label)
}

export function memberLabel({ label }: AccountMember): string {
  return label.trim() === '' ? say.unnamed : calmLine(label)
}

/** Where a feed would end now, as `--final` and `--drop` take it; null: nothing of it is known. */
export function headFinal(feed: FeedState | null): string | null {
  const head = feed?.record?.head ?? null
  return head === null ? null : finalOfHead(head).join('/')
}
