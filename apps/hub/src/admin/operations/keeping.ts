/**
 * What the hub keeps for people beyond their feeds: leases, drops, and how much they may take.
 *
 * @module
 */
import { decodeLease, err, type Identity, ok } from '@effigy/core'
import type { DropReceiver, HeldLease } from '@effigy/store'
import { bytes, type Kind } from '../../config/kinds.ts'
import { identityKind, optional, personKind, required } from '../fields.ts'
import { operation } from '../operation.ts'
import { identitiesOf, personOf } from '../persons.ts'
import type { AdminPorts } from '../ports.ts'
import { pageFields, pageOf } from '../rows.ts'
import { creditRow } from './people.ts'

export interface LeaseRow {
  /** Whose feed. */
  readonly feed: Identity
  readonly owner: Identity
  /** Reserved. */
  readonly bytes: number
  /** Ms. */
  readonly until: number
  /** Entries that it covers; null where the record cannot be read. */
  readonly length: number | null
}

export interface BoxRow {
  /** The name that the box goes by; null: for whoever can open it. */
  readonly to: DropReceiver
  readonly drops: number
  readonly bytes: number
}

function leaseRow({ for: feed, owner, bytes: reserved, until, record }: HeldLease): LeaseRow {
  const decoded = decodeLease(record)
  return { feed, owner, bytes: reserved, until, length: decoded.ok ? decoded.value.claim.length : null }
}

const everybody = 'everybody'

/** As `BoxRow.to`; on the command line `everybody` is what is for whoever can open it. */
const receiverKind: Kind<DropReceiver> = {
  allowed: `an identity (did:key:z6Mk…), or null ("${everybody}" on the command line) for what names no receiver`,
  fromText: (text) => (text === everybody ? null : text),
  accept: (value) => (value === null ? { value } : identityKind.accept(value)),
  show: (value) => value ?? everybody,
}

/** Boxes are few beside drops; one list reads so many. */
const mostBoxes = 1_000_000

export const keepingOperations = [
  operation({
    name: 'leases list',
    summary: 'Shows what the hub has promised to keep, of everybody or of one person',
    fields: { owner: optional(personKind, 'of this device or person alone'), ...pageFields },
    columns: ['feed', 'owner', 'bytes', 'length', 'until'],
    isList: true,
    async run({ owner, ...page }, { peer: { store } }: AdminPorts) {
      const { leases } = store
      const names = owner === null ? null : new Set(identitiesOf(store, owner))
      const all = (leases?.feeds() ?? []).map((feed) => leases?.get(feed) ?? null)
      const wanted = all.filter((lease) => lease !== null && (names === null || names.has(lease.owner)))
      return ok(
        pageOf(
          wanted.filter((lease) => lease !== null),
          page,
          (lease) => lease.for,
          leaseRow,
        ),
      )
    },
  }),
  operation({
    name: 'leases end',
    summary:
      'Ends a promise before its time: the bytes go where nothing else wants them, and the owner gets a receipt',
    fields: { feed: required(identityKind, 'whose feed was promised') },
    columns: ['feed'],
    destroys: true,
    faults: ['not-found'],
    async run({ feed }, { peer }: AdminPorts) {
      if (peer.kept.endLease(feed)) return ok({ feed })
      return err({ code: 'not-found', message: 'There is no lease over that feed.' } as const)
    },
  }),
  operation({
    name: 'drops list',
    summary: 'Shows how much waits in the boxes, not from whom',
    fields: pageFields,
    columns: ['to', 'drops', 'bytes'],
    isList: true,
    run: async (input, { peer: { store } }: AdminPorts) =>
      ok(
        pageOf(
          store.drops?.boxes(mostBoxes) ?? [],
          input,
          ({ to }) => to ?? everybody,
          ({ to, items, bytes: size }): BoxRow => ({ to, drops: items, bytes: size }),
        ),
      ),
  }),
  operation({
    name: 'drops clear',
    summary: 'Deletes all that waits in one box; nobody is told',
    fields: { to: required(receiverKind, 'the name of the box, as the list shows it') },
    columns: ['to', 'drops', 'bytes'],
    destroys: true,
    faults: ['not-found'],
    async run({ to }, { peer }: AdminPorts) {
      const { items, bytes: size } = peer.kept.clearDrops(to)
      if (items > 0) return ok({ to, drops: items, bytes: size } satisfies BoxRow)
      return err({ code: 'not-found', message: 'Nothing waits there.' } as const)
    },
  }),
  operation({
    name: 'credit show',
    summary: 'Shows what the devices of a person gave, took and were granted',
    fields: { who: required(personKind, 'a device by its identity, or a person by the root of the account') },
    columns: ['identity', 'givenBytes', 'takenBytes', 'grantedBytes'],
    isList: true,
    async run({ who }, ports: AdminPorts) {
      const rows = identitiesOf(ports.peer.store, who).map((identity) => creditRow(ports, identity))
      return ok({ items: rows.filter((row) => row !== null), next: null })
    },
  }),
  operation({
    name: 'credit grant',
    summary:
      'Lets a device take so many bytes more before it is served like any stranger when there is much to do',
    fields: {
      identity: required(identityKind, 'the device'),
      bytes: required(bytes(1), 'added to what it was granted before'),
    },
    columns: ['identity', 'grantedBytes', 'person'],
    faults: ['too-many'],
    async run({ identity, bytes: more }, { peer }: AdminPorts) {
      const before = peer.balance(identity)?.granted ?? 0
      peer.grant(identity, more)
      const granted = peer.balance(identity)?.granted ?? 0
      // The ledger is bounded: where all that it has were granted something, one more is not taken.
      if (granted === before && before < Number.MAX_SAFE_INTEGER) {
        return err({ code: 'too-many', message: 'Too many were granted something already.' } as const)
      }
      return ok({ identity, grantedBytes: granted, person: personOf(peer.store, identity) })
    },
  }),
]
