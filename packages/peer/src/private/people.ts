/**
 * One name for each set of people, whoever of them one asks and whichever of their devices are named (spec Q20).
 *
 *     persons ─accounts where they are known, oneself left out, each once▶ sorted ─▶ `p` ‖ hash
 *     group ─▶ `g` ‖ its id
 *
 * @module
 */
import { type Account, accountKey, encodeBase64url, type Identity, type Sha256, utf8 } from '@effigy/core'
import type { ConversationName, Store } from '@effigy/store'
import { ownDevices } from '../own/devices.ts'

export interface PeoplePorts {
  readonly store: Pick<Store, 'synods'>
  /** This device. */
  readonly self: Identity
  readonly sha256: Sha256
}

/** As many letters of a hash as nobody finds two sets for. */
const nameBytes = 16

/** The people as they are known now, oneself not among them, each once and in one order. */
export function peopleOf(
  people: Iterable<Account>,
  { store, self }: Pick<PeoplePorts, 'store' | 'self'>,
): readonly Account[] {
  const root = store.synods?.accountOf(self) ?? null
  const own = new Set(ownDevices(store, self))
  const found = new Map<string, Account>()
  for (const person of people) {
    const account = known(store, person)
    const isOwn = account.root === null ? own.has(account.identity) : account.root === root
    if (!isOwn) found.set(accountKey(account), account)
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, account]) => account)
}

/** `people` but oneself; nobody: what one says to oneself. */
export function namePeople(people: Iterable<Account>, ports: PeoplePorts): ConversationName {
  const persons = peopleOf(people, ports)
  const hash = ports.sha256(utf8(persons.map(accountKey).join('\n'))).slice(0, nameBytes)
  return { name: `p${encodeBase64url(hash)}`, kind: 'people', persons }
}

export function nameGroup(group: string): ConversationName {
  return { name: `g${group}`, kind: 'group', persons: [] }
}

/** A device is its account, also one that was revoked since: what it said before, that person said. */
function known({ synods }: Pick<Store, 'synods'>, { identity, root: named }: Account): Account {
  const root = named ?? synods?.accountOf(identity) ?? null
  const authority = root === null ? null : (synods?.account(root) ?? null)
  return { identity: authority?.identity ?? identity, root }
}
