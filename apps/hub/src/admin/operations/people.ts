/**
 * Whom the hub serves: people with their devices as far as it knows them, devices, what single people may have.
 *
 * @module
 */
import { err, type Identity, ok } from '@effigy/core'
import { optional, personKind, required } from '../fields.ts'
import { operation } from '../operation.ts'
import { identitiesOf, isRoot, type PersonName, personOf } from '../persons.ts'
import type { AdminPorts } from '../ports.ts'
import { type Quota, quotaKinds } from '../quotas.ts'
import { pageFields, pageOf } from '../rows.ts'

/** One device that is a member. Bytes as they are held. */
export interface DeviceRow {
  readonly identity: Identity
  readonly person: PersonName
  /** As they call themselves; a claim. */
  readonly name: string | null
  readonly isConnected: boolean
  /** Feeds that are kept for it, its own included. */
  readonly feeds: number
  readonly ownEntries: number
  readonly ownBytes: number
  readonly isBlocked: boolean
}

export interface PersonRow {
  /** The root of an account, or the identity of a lone device. */
  readonly person: PersonName
  readonly name: string | null
  /** Those that are members here. */
  readonly devices: number
  readonly connected: number
  readonly feeds: number
  readonly ownBytes: number
  readonly isBlocked: boolean
}

export interface PersonAnswer extends PersonRow {
  readonly deviceList: readonly DeviceRow[]
  /** Null: what the settings say. */
  readonly quota: Quota | null
  readonly leasedBytes: number
  readonly credit: readonly CreditRow[]
}

export interface CreditRow {
  readonly identity: Identity
  readonly givenBytes: number
  readonly takenBytes: number
  readonly grantedBytes: number
}

export function creditRow({ peer }: Pick<AdminPorts, 'peer'>, identity: Identity): CreditRow | null {
  const balance = peer.balance(identity)
  if (balance === null) return null
  const { given, taken, granted } = balance
  return { identity, givenBytes: given, takenBytes: taken, grantedBytes: granted }
}

function deviceRow(ports: AdminPorts, connected: ReadonlySet<Identity>, identity: Identity): DeviceRow {
  const { store } = ports.peer
  const feed = store.feed(identity)
  return {
    identity,
    person: personOf(store, identity),
    name: nameOf(ports, identity),
    isConnected: connected.has(identity),
    feeds: ports.members.feedsOf(identity).length,
    ownEntries: feed?.heldCount ?? 0,
    ownBytes: (feed?.heldBytes ?? 0) + (store.textBytes?.(identity) ?? 0),
    isBlocked: ports.blocks.isBlocked(identity),
  }
}

/** Of the profile of a device, else of its account's state. */
export function nameOf({ peer: { store } }: AdminPorts, identity: Identity): string | null {
  const state = store.profile(identity)?.state
  const said = state?.type === 'shown' ? (state.payload as { readonly name?: unknown }).name : null
  if (typeof said === 'string' && said !== '') return said
  const root = store.synods?.accountOf(identity) ?? null
  const ofAccount = root === null ? '' : (store.synods?.account(root)?.current?.state.name ?? '')
  return ofAccount === '' ? null : ofAccount
}

const connectedTo = ({ peer }: AdminPorts): ReadonlySet<Identity> =>
  new Set(peer.status().sessions.map(({ identity }) => identity))

function membersByPerson({ members, peer }: AdminPorts): ReadonlyMap<PersonName, readonly Identity[]> {
  return Map.groupBy(members.list, (identity) => personOf(peer.store, identity))
}

function personRow(
  ports: AdminPorts,
  connected: ReadonlySet<Identity>,
  [person, devices]: readonly [PersonName, readonly Identity[]],
): PersonRow {
  const rows = devices.map((device) => deviceRow(ports, connected, device))
  return {
    person,
    name: rows.find(({ name }) => name !== null)?.name ?? null,
    devices: rows.length,
    connected: rows.filter(({ isConnected }) => isConnected).length,
    feeds: rows.reduce((sum, { feeds }) => sum + feeds, 0),
    ownBytes: rows.reduce((sum, { ownBytes }) => sum + ownBytes, 0),
    isBlocked: rows.some(({ isBlocked }) => isBlocked),
  }
}

export const whoField = required(
  personKind,
  'a device by its identity, or a person by the root of the account',
)

export const peopleOperations = [
  operation({
    name: 'people list',
    summary:
      'Shows the people whom the hub serves; a device whose account is not known is a person of its own',
    fields: pageFields,
    columns: ['name', 'devices', 'connected', 'feeds', 'ownBytes', 'isBlocked', 'person'],
    isList: true,
    async run(input, ports: AdminPorts) {
      const connected = connectedTo(ports)
      return ok(
        pageOf(
          membersByPerson(ports),
          input,
          ([person]) => person,
          (one) => personRow(ports, connected, one),
        ),
      )
    },
  }),
  operation({
    name: 'people show',
    summary: 'Shows one person with devices, quota, leases and credit',
    fields: { who: whoField },
    columns: ['name', 'devices', 'connected', 'feeds', 'ownBytes', 'leasedBytes', 'isBlocked', 'person'],
    faults: ['not-found'],
    async run({ who }, ports: AdminPorts) {
      const { store } = ports.peer
      const person = isRoot(who) ? who : personOf(store, who)
      const devices = membersByPerson(ports).get(person) ?? []
      if (devices.length === 0) {
        return err({ code: 'not-found', message: 'Nobody of that name is served here.' } as const)
      }
      const connected = connectedTo(ports)
      const names = [...new Set([...devices, ...identitiesOf(store, person)])]
      const quota = ports.quotas.list.find((given) => given.who === person) ?? null
      const answer: PersonAnswer = {
        ...personRow(ports, connected, [person, devices]),
        deviceList: devices.map((device) => deviceRow(ports, connected, device)),
        quota:
          quota === null
            ? null
            : {
                feeds: quota.feeds,
                bytes: quota.bytes,
                blobBytes: quota.blobBytes,
                fileBytes: quota.fileBytes,
                followedEntries: quota.followedEntries,
              },
        leasedBytes: names.reduce((sum, name) => sum + (store.leases?.promised(name) ?? 0), 0),
        credit: names.map((name) => creditRow(ports, name)).filter((row) => row !== null),
      }
      return ok(answer)
    },
  }),
  operation({
    name: 'devices list',
    summary: 'Shows the devices that are members, each with the person it belongs to',
    fields: pageFields,
    columns: ['name', 'isConnected', 'feeds', 'ownEntries', 'ownBytes', 'isBlocked', 'identity'],
    isList: true,
    async run(input, ports: AdminPorts) {
      const connected = connectedTo(ports)
      return ok(
        pageOf(
          ports.members.list,
          input,
          (identity) => identity,
          (identity) => deviceRow(ports, connected, identity),
        ),
      )
    },
  }),
]

export const quotaOperations = [
  operation({
    name: 'quotas list',
    summary: 'Shows who may have more or less than the settings say',
    fields: pageFields,
    columns: ['who', 'feeds', 'bytes', 'blobBytes', 'fileBytes', 'followedEntries'],
    isList: true,
    run: async (input, { quotas }: AdminPorts) =>
      ok(
        pageOf(
          quotas.list,
          input,
          ({ who }) => who,
          (quota) => quota,
        ),
      ),
  }),
  operation({
    name: 'quotas set',
    summary: 'Says what one person may have, all devices together; what is left out is as in the settings',
    fields: {
      who: whoField,
      feeds: optional(quotaKinds.feeds, 'as `feedsPerMember`'),
      bytes: optional(quotaKinds.bytes, 'as `bytesPerMember`'),
      blobBytes: optional(quotaKinds.blobBytes, 'as `maxBlobBytes`'),
      fileBytes: optional(quotaKinds.fileBytes, 'as `fileBytesPerMember`'),
      followedEntries: optional(quotaKinds.followedEntries, 'as `followedEntries`'),
    },
    columns: ['who', 'feeds', 'bytes', 'blobBytes', 'fileBytes', 'followedEntries'],
    faults: ['too-many'],
    async run(quota, { quotas }: AdminPorts) {
      if (await quotas.set(quota)) return ok(quota)
      return err({ code: 'too-many', message: 'There are too many quotas already.' } as const)
    },
  }),
  operation({
    name: 'quotas clear',
    summary: 'Lets the settings count again for one person',
    fields: { who: whoField },
    columns: ['who'],
    faults: ['not-found'],
    async run({ who }, { quotas }: AdminPorts) {
      if (await quotas.clear(who)) return ok({ who })
      return err({ code: 'not-found', message: 'There is no quota for that name.' } as const)
    },
  }),
]
