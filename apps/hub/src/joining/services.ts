/**
 * Invites and aliases as services of the hub (spec W7, W25): their methods over calls.
 *
 *     invites: create {token, until, count}  list {}  revoke {token}      aliases: claim {name}  release {name}  list {}
 *
 * @module
 */
import { err, type Identity, ok, type Root } from '@effigy/core'
import { type Clock, createPaces, type Service, type ServiceMethod, type ServiceRefusal } from '@effigy/sync'
import type { Aliases } from './aliases.ts'
import { type Invites, isTokenName } from './invites.ts'

/** Of one member: what changes something. Names that were given back are remembered for a month. */
const invitePace = { perSecond: 10 / 60, burst: 10 }
const aliasPace = { perSecond: 12 / 86_400, burst: 12 }

/** Members whose pace is remembered. */
const pacesKept = 10_000

/** Of somebody of whom the hub holds nothing: they may be any number of names that one person made up (T18). */
const newcomer: ServiceRefusal = { code: 'newcomer', retryMs: 60_000 }

export interface InviteServicePorts {
  readonly invites: Pick<Invites, 'create' | 'list' | 'revoke'>
  readonly isMember: (identity: Identity) => boolean
  /** The hub holds something that they wrote. */
  readonly hasWritten: (identity: Identity) => boolean
  readonly clock: Pick<Clock, 'monotonic'>
}

const badValue: ServiceRefusal = { code: 'bad-value', retryMs: null }

export function inviteService({ invites, isMember, hasWritten, clock }: InviteServicePorts): Service {
  const pace = createPaces({ ...invitePace, kept: pacesKept, clock })
  return {
    name: 'invites',
    isFor: ({ remote }) => isMember(remote),
    methods: {
      async create({ remote, value: { token, until, count } }) {
        if (typeof token !== 'string' || !isTokenName(token)) return err(badValue)
        if (!isCount(until) || !isCount(count)) return err(badValue)
        if (!hasWritten(remote)) return err(newcomer)
        const waitMs = pace(remote)
        if (waitMs > 0) return err({ code: 'too-fast', retryMs: waitMs })
        const granted = await invites.create(remote, { token, until, count })
        return granted.ok ? ok({ value: { ...granted.value } }) : granted
      },
      async list({ remote }) {
        const listed = await invites.list(remote)
        // Not who came: they told the hub, not the inviter.
        const shown = listed.map(({ token, until, count, used, revoked }) => ({
          ...{ token, until, count, used: used.length, revoked },
        }))
        return ok({ value: { invites: shown } })
      },
      async revoke({ remote, value: { token } }) {
        if (typeof token !== 'string') return err(badValue)
        return done(await invites.revoke(token, remote))
      },
    },
  }
}

export interface AliasServicePorts {
  readonly aliases: Aliases
  readonly isMember: (identity: Identity) => boolean
  readonly hasWritten: (identity: Identity) => boolean
  /** The account that lists that device now; null: none that the hub knows. */
  readonly rootOf: (device: Identity) => Root | null
  readonly clock: Pick<Clock, 'monotonic'>
}

export function aliasService({ aliases, isMember, hasWritten, rootOf, clock }: AliasServicePorts): Service {
  const pace = createPaces({ ...aliasPace, kept: pacesKept, clock })
  const noAccount: ServiceRefusal = { code: 'no-account', retryMs: null }

  const change =
    (act: (name: string, root: Root) => Promise<ServiceRefusal | null>): ServiceMethod =>
    async ({ remote, value: { name } }) => {
      if (typeof name !== 'string') return err(badValue)
      if (!hasWritten(remote)) return err(newcomer)
      const waitMs = pace(remote)
      if (waitMs > 0) return err({ code: 'too-fast', retryMs: waitMs })
      const root = rootOf(remote)
      return root === null ? err(noAccount) : done(await act(name, root))
    }

  return {
    name: 'aliases',
    isFor: ({ remote }) => isMember(remote),
    methods: {
      claim: change(aliases.claim),
      release: change(aliases.release),
      async list({ remote }) {
        const root = rootOf(remote)
        return ok({ value: { names: root === null ? [] : [...(await aliases.namesOf(root))] } })
      },
    },
  }
}

function done(refusal: ServiceRefusal | null): Awaited<ReturnType<ServiceMethod>> {
  return refusal === null ? ok({ value: {} }) : err(refusal)
}

/** Whole, and from 1. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
