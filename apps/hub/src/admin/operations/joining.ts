/**
 * How people come in: invites, who came by them, and the names that the hub gives.
 *
 * @module
 */
import { err, type Identity, ok, type Root } from '@effigy/core'
import { integer, text } from '../../config/kinds.ts'
import { maxUses } from '../../joining/invites.ts'
import { identityKind, required, withDefault } from '../fields.ts'
import { operation } from '../operation.ts'
import type { AdminPorts } from '../ports.ts'
import { pageFields, pageOf } from '../rows.ts'

export interface InviteRow {
  /** Its name, of which nobody can make the invite. */
  readonly token: string
  readonly from: Identity
  /** Ms. */
  readonly until: number
  readonly count: number
  readonly used: number
  readonly isRevoked: boolean
}

export interface GuestRow {
  readonly identity: Identity
  /** Whose invite it was. */
  readonly from: Identity
  /** Ms. */
  readonly at: number
}

export interface AliasRow {
  readonly name: string
  readonly root: Root
}

const dayMs: number = 24 * 60 * 60 * 1000

/** Names of invites, and of accounts at the hub. */
const nameKind = text(1, 128)

/** Records that are read for one page. */
const mostAtOnce = 100

const busy = err({ code: 'busy', message: 'It was changed by many at once. Try again.' } as const)

export const joiningOperations = [
  operation({
    name: 'invites list',
    summary: 'Shows the invites to this hub, of the hub and of members, with how often they were used',
    fields: pageFields,
    columns: ['token', 'from', 'used', 'count', 'until', 'isRevoked'],
    isList: true,
    async run({ after, limit }, { joining }: AdminPorts) {
      // A page of the records is shorter than one of ours may be.
      const { invites, next } = await joining.invites.page(after, Math.min(limit, mostAtOnce))
      const items = invites.map(
        ({ token, from, until, count, used, revoked }): InviteRow => ({
          ...{ token, from, until, count },
          used: used.length,
          isRevoked: revoked,
        }),
      )
      return ok({ items, next })
    },
  }),
  operation({
    name: 'invites create',
    summary: 'Makes an invite in the hub’s own name; whoever has the link may come',
    fields: {
      count: withDefault(integer(1, maxUses), 1, 'people who may come with it'),
      days: withDefault(integer(1, 365), 7, 'days that it is good for'),
    },
    columns: ['link', 'until', 'count'],
    faults: ['not-possible'],
    async run({ count, days }, { joining, config, address }: AdminPorts) {
      if (config.invites === 'off') {
        return err({
          code: 'not-possible',
          message: 'This hub takes no invites: look at its setting invites.',
        } as const)
      }
      const [url = ''] = address().split('#', 1)
      const made = await joining.invite({ url, count, lastsMs: days * dayMs })
      if (made === null) {
        return err({
          code: 'not-possible',
          message: 'The address of this hub does not fit into an invite.',
        } as const)
      }
      const { link, token, invite } = made
      return ok({ link, token, until: invite.until, count: invite.count })
    },
  }),
  operation({
    name: 'invites revoke',
    summary: 'Lets nobody come any more with an invite; who came stays',
    fields: { token: required(nameKind, 'its name, as the list shows it') },
    columns: ['token'],
    destroys: true,
    faults: ['not-found', 'busy'],
    async run({ token }, { joining }: AdminPorts) {
      const refusal = await joining.invites.revoke(token, null)
      if (refusal === null) return ok({ token })
      return refusal.code === 'busy'
        ? busy
        : err({ code: 'not-found', message: 'There is no such invite.' } as const)
    },
  }),
  operation({
    name: 'guests list',
    summary: 'Shows who came by an invite, and by whose',
    fields: pageFields,
    columns: ['identity', 'from', 'at'],
    isList: true,
    run: async (input, { joining }: AdminPorts) =>
      ok(
        pageOf(
          joining.guests.entries(),
          input,
          ([identity]) => identity,
          ([identity, { from, at }]): GuestRow => ({ identity, from, at }),
        ),
      ),
  }),
  operation({
    name: 'guests remove',
    summary:
      'Lets the invite of somebody count no more: where invites are needed, they are no member before they come with another one. Ends no session',
    fields: { identity: required(identityKind, 'the device that came by it') },
    columns: ['identity'],
    destroys: true,
    faults: ['not-found', 'busy'],
    async run({ identity }, { joining }: AdminPorts) {
      const done = await joining.removeGuest(identity)
      if (done === 'removed') return ok({ identity })
      if (done === 'busy') return busy
      return err({ code: 'not-found', message: 'Nobody of that name came by an invite.' } as const)
    },
  }),
  operation({
    name: 'aliases list',
    summary: 'Shows the names that the hub gave to accounts',
    fields: pageFields,
    columns: ['name', 'root'],
    isList: true,
    async run({ after, limit }, { joining }: AdminPorts) {
      const { aliases, next } = await joining.aliases.page(after, Math.min(limit, mostAtOnce))
      return ok({ items: aliases.map(({ name, root }): AliasRow => ({ name, root })), next })
    },
  }),
  operation({
    name: 'aliases release',
    summary: 'Takes a name away from an account; it rests before another one can have it',
    fields: { name: required(nameKind, 'the part before @') },
    columns: ['name'],
    destroys: true,
    faults: ['not-found', 'busy'],
    async run({ name }, { joining }: AdminPorts) {
      const refusal = await joining.aliases.release(name, null)
      if (refusal === null) return ok({ name })
      return refusal.code === 'busy'
        ? busy
        : err({ code: 'not-found', message: 'Nobody has that name.' } as const)
    },
  }),
]
