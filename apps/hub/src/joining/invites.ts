/**
 * The invites of a hub: made, listed, revoked, and taken (spec W1-W7). No token is kept, its name alone.
 *
 *     create ─▶ bucket `invites`: token's name ─▶ {from, until, count, used…}     bucket `inviters`: member ─▶ names
 *     redeem ─known? signed? good? room?▶ who came and how many in one write ─▶ guest
 *
 * Who came stands in the record that counts them: a crash at any place leaves a count that is right, and whoever
 * heard nothing shows the invite again.
 *
 * @module
 */
import {
  err,
  type Identity,
  type InviteCode,
  inviteTokenName,
  ok,
  parseBase64url,
  parseIdentity,
  type Result,
  readInviteBody,
  type Sha256,
} from '@effigy/core'
import type { Clock, ServiceRefusal } from '@effigy/sync'
import type { HubBucket } from '../ports/hub-store.ts'
import { parseJson, recordOf } from '../ports/record-json.ts'
import type { Guests } from './guests.ts'

export interface InviteRecord {
  readonly from: Identity
  /** Ms since 1970. */
  readonly until: number
  readonly count: number
  readonly revoked: boolean
  /** Who came with it, at most `count`. */
  readonly used: readonly Identity[]
  /** Those of them whom the operator removed since: it is good for them no more (W6). */
  readonly removed: readonly Identity[]
}

export interface ListedInvite extends InviteRecord {
  /** Its name: base64url of 32 bytes. */
  readonly token: string
}

export interface InvitesPorts {
  readonly invites: HubBucket
  readonly inviters: HubBucket
  readonly guests: Pick<Guests, 'get' | 'add'>
  /** The hub. */
  readonly self: Identity
  readonly sha256: Sha256
  /** Whether its inviter signed it. */
  readonly isSigned: (invite: InviteCode) => Promise<boolean>
  /** One more member would be too many. */
  readonly isFull: (identity: Identity) => boolean
  /** Whether who came has to be remembered beyond the invite: anybody may come to an open hub. */
  readonly keepsGuests: boolean
  readonly clock: Pick<Clock, 'now'>
}

export interface Invites {
  /** Null: let in. */
  redeem(remote: Identity, body: Uint8Array): Promise<ServiceRefusal | null>
  /** For a member: less than was asked where that is too much. */
  create(from: Identity, asked: AskedInvite): Promise<Result<GrantedInvite, ServiceRefusal>>
  /** One that the hub signed itself: it is listed and can be revoked before anybody came with it. */
  remember(token: string, invite: GrantedInvite): Promise<void>
  /** Those of a member, newest first. */
  list(from: Identity): Promise<readonly ListedInvite[]>
  /** `from`: the member who may; null for the operator. */
  revoke(token: string, from: Identity | null): Promise<ServiceRefusal | null>
  /** Whoever came with it: it is good for them no more. Null also where it is forgotten. */
  shutOut(token: string, identity: Identity): Promise<ServiceRefusal | null>
  /** All, in the order of their names: `after` the last one of the page before. */
  page(
    after: string | null,
    limit: number,
  ): Promise<{ readonly invites: readonly ListedInvite[]; readonly next: string | null }>
}

export interface AskedInvite {
  readonly token: string
  readonly until: number
  readonly count: number
}

export type GrantedInvite = Pick<AskedInvite, 'until' | 'count'>

const dayMs: number = 24 * 60 * 60 * 1000

/** W7. */
export const memberInviteMs: number = 30 * dayMs
export const memberUses = 100
export const maxGood = 32
const maxListed = 64

/** Those that an operator signs: who came has to fit one record. */
export const maxUses = 1_000

/** Ms that an expired one is remembered for, so that whoever comes late hears why. */
const rememberedMs: number = 30 * dayMs

/** Before the name of who was removed: two lists would not fit one record. */
const removedMark = '-'

const unmarked = (name: string): Identity =>
  (name.startsWith(removedMark) ? name.slice(removedMark.length) : name) as Identity

/** Redeemed at once: each waits for the medium. */
const maxRedeeming = 32

/** Others who wrote the same record meanwhile; more of them at once is a storm. */
const maxTries = 8

const refusal = (code: string, retryMs: number | null = null): ServiceRefusal => ({ code, retryMs })
const busy: ServiceRefusal = refusal('busy', 1_000)

export function isTokenName(text: string): boolean {
  return text.length === 43 && parseBase64url(text)?.length === 32
}

export function createInvites(ports: InvitesPorts): Invites {
  const { invites, inviters, guests, self, clock } = ports
  let redeeming = 0

  async function read(
    token: string,
  ): Promise<{ readonly record: InviteRecord; readonly revision: number } | null> {
    const found = await invites.get(token)
    const record = found === null ? null : parseInvite(found.value)
    return found === null || record === null ? null : { record, revision: found.revision }
  }

  const write = (token: string, { removed, ...record }: InviteRecord, revision: number) => {
    const used = record.used.map((one) => (removed.includes(one) ? `${removedMark}${one}` : one))
    const text = JSON.stringify({ ...record, used })
    return invites.put(token, text, { revision, expiresMs: record.until + rememberedMs })
  }

  async function redeemOnce(remote: Identity, body: Uint8Array): Promise<ServiceRefusal | null> {
    const invite = readInviteBody(body)
    if (invite === null) return refusal('invite-damaged')
    if (invite.hub !== self) return refusal('invite-foreign')
    const token = inviteTokenName(invite.token, ports.sha256)
    let isChecked = false
    for (let tries = 0; tries < maxTries; tries++) {
      const found = (await read(token)) ?? ownInvite(invite)
      // Before the signature is looked at: whoever guesses tokens costs no more than this.
      if (found === null) return refusal('invite-unknown')
      const { record, revision } = found
      const isSame =
        invite.from === record.from && invite.until === record.until && invite.count === record.count
      isChecked ||= isSame && (await ports.isSigned(invite))
      if (!isSame || !isChecked) return refusal('invite-altered')
      if (guests.get(remote) !== null) return null
      if (record.removed.includes(remote)) return refusal('invite-revoked')
      if (!record.used.includes(remote)) {
        const why = whyNot(record, remote)
        if (why !== null) return why
        const written = await write(token, { ...record, used: [...record.used, remote] }, revision)
        if (!written.ok) {
          if (written.error.type === 'conflict') continue
          return refusal('invite-used')
        }
      }
      if (ports.keepsGuests) await guests.add(remote, { by: token, from: record.from, at: clock.now() })
      return null
    }
    return busy
  }

  /** What the hub signed needs no record until somebody comes with it. */
  function ownInvite(invite: InviteCode): { readonly record: InviteRecord; readonly revision: 0 } | null {
    if (invite.from !== self || invite.count > maxUses) return null
    const { from, until, count } = invite
    return { record: { from, until, count, revoked: false, used: [], removed: [] }, revision: 0 }
  }

  function whyNot(record: InviteRecord, remote: Identity): ServiceRefusal | null {
    if (record.revoked) return refusal('invite-revoked')
    if (clock.now() >= record.until) return refusal('invite-expired')
    if (record.used.length >= record.count) return refusal('invite-used')
    return ports.isFull(remote) ? refusal('hub-full') : null
  }

  async function namesOf(
    from: Identity,
  ): Promise<{ readonly names: readonly string[]; readonly revision: number }> {
    const found = await inviters.get(from)
    const names = found === null ? [] : parseNames(found.value)
    return { names, revision: found?.revision ?? 0 }
  }

  async function listed(names: readonly string[]): Promise<readonly ListedInvite[]> {
    const found = await Promise.all(names.map(async (token) => ({ token, found: await read(token) })))
    return found.flatMap(({ token, found }) => (found === null ? [] : [{ token, ...found.record }]))
  }

  const isGood = ({ until, count, revoked, used }: InviteRecord): boolean =>
    !revoked && used.length < count && clock.now() < until

  async function create(
    from: Identity,
    { token, ...asked }: AskedInvite,
  ): Promise<Result<GrantedInvite, ServiceRefusal>> {
    const until = Math.min(asked.until, clock.now() + memberInviteMs)
    const count = Math.min(asked.count, memberUses)
    if (!isTokenName(token) || count < 1 || until <= clock.now()) return err(refusal('bad-value'))
    // Known already, to whomever: on this member's list it would be theirs to push out.
    if ((await invites.get(token)) !== null) return err(refusal('bad-value'))
    const record: InviteRecord = { from, until, count, revoked: false, used: [], removed: [] }
    for (let tries = 0; tries < maxTries; tries++) {
      const { names, revision } = await namesOf(from)
      const known = await listed(names)
      if (known.filter(isGood).length >= maxGood) return err(refusal('too-many'))
      const good = new Set(known.filter(isGood).map((each) => each.token))
      const over = names.length < maxListed ? undefined : names.find((each) => !good.has(each))
      const list = [...names.filter((each) => each !== over && each !== token), token]
      // The list first: an invite that is on none could be revoked by nobody.
      const expiresMs = clock.now() + memberInviteMs + rememberedMs
      const told = await inviters.put(from, JSON.stringify(list), { revision, expiresMs })
      if (!told.ok) continue
      // Nobody makes more records than a list has: what is on none is gone. Another's stays, however it came onto this list.
      const isOwn = known.some((each) => each.token === over && each.from === from)
      if (over !== undefined && isOwn) await invites.delete(over)
      const written = await write(token, record, 0)
      return written.ok ? ok({ until, count }) : err(refusal('bad-value'))
    }
    return err(busy)
  }

  return {
    async redeem(remote, body) {
      if (redeeming >= maxRedeeming) return busy
      redeeming++
      try {
        return await redeemOnce(remote, body)
      } finally {
        redeeming--
      }
    },
    create,
    async remember(token, { until, count }) {
      await inviters.put(self, JSON.stringify([...(await namesOf(self)).names, token].slice(-maxListed)))
      await write(token, { from: self, until, count, revoked: false, used: [], removed: [] }, 0)
    },
    async list(from) {
      const { names } = await namesOf(from)
      return (await listed(names)).filter((each) => each.from === from).reverse()
    },
    async revoke(token, from) {
      if (!isTokenName(token)) return refusal('bad-value')
      for (let tries = 0; tries < maxTries; tries++) {
        const found = await read(token)
        if (found === null || (from !== null && found.record.from !== from)) return refusal('invite-unknown')
        if (found.record.revoked) return null
        if ((await write(token, { ...found.record, revoked: true }, found.revision)).ok) return null
      }
      return busy
    },
    async shutOut(token, identity) {
      for (let tries = 0; tries < maxTries; tries++) {
        const found = await read(token)
        if (found === null || found.record.removed.includes(identity)) return null
        const removed = [...found.record.removed, identity]
        if ((await write(token, { ...found.record, removed }, found.revision)).ok) return null
      }
      return busy
    },
    async page(after, limit) {
      const { records, next } = await invites.list({ limit, ...(after === null ? {} : { after }) })
      const shown = records.flatMap(({ key, value }) => {
        const record = parseInvite(value)
        return record === null ? [] : [{ token: key, ...record }]
      })
      return { invites: shown, next }
    },
  }
}

function parseInvite(text: string): InviteRecord | null {
  const { from, until, count, revoked, used } = recordOf(parseJson(text))
  const inviter = typeof from === 'string' ? parseIdentity(from) : null
  if (inviter === null || typeof until !== 'number' || typeof count !== 'number') return null
  if (typeof revoked !== 'boolean' || !Array.isArray(used)) return null
  const names = used as readonly string[]
  const removed = names.filter((one) => one.startsWith(removedMark)).map(unmarked)
  return { from: inviter, until, count, revoked, used: names.map(unmarked), removed }
}

function parseNames(text: string): readonly string[] {
  const names = parseJson(text)
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}
