/** Groups for tests: persons by letters with devices by numbers, operations that name what their authors knew. */
import {
  type ContentName,
  type Group,
  type GroupEntry,
  type GroupMember,
  groupId,
  type Identity,
  identityOfKey,
  maxHeads,
  type OpenGroup,
  openGroup,
  type PersonOf,
  type RawCid,
  rawCid,
  utf8,
} from '../src/index.ts'
import { sha256 } from './world.ts'

export { sha256 }

const salt = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Device `number` of the person `letter`: `a`, `a2`, `b`, … */
export function deviceOf(name: string): Identity {
  return identityOfKey(sha256(utf8(`device ${name}`)))
}

const persons = new Map<Identity, string>()
for (const letter of 'abcdefghijklmnop') {
  persons.set(deviceOf(letter), letter)
  persons.set(deviceOf(`${letter}2`), letter)
}

export const personOf: PersonOf = ({ identity }) => persons.get(identity) ?? identity

export const member = (name: string, role: GroupMember['role'] = 'member'): GroupMember => ({
  identity: deviceOf(name),
  root: null,
  role,
})

export const settings = (name = 'Us', history = true) => ({ name, about: '', avatar: null, history })

/** A place where operations are written; each is told who writes it, and what that device knew. */
export function createGroupWorld(creator = 'a') {
  const id = groupId(deviceOf(creator), salt, sha256)
  let count = 0

  function write(author: string, knows: readonly GroupEntry[], rest: object): GroupEntry {
    const payload = {
      type: 'group',
      at: ++count,
      salt,
      group: id,
      knows: knows.map(({ identity, content }): ContentName => ({ identity, content })),
      ...rest,
    } as unknown as Group
    const content: RawCid = rawCid(utf8(`${author} ${JSON.stringify(payload)}`), sha256)
    return { identity: deviceOf(author), content, comparable: count, payload }
  }

  return {
    id,
    write,
    create: (members: readonly GroupMember[] = [], history = true) =>
      write(creator, [], { operation: 'create', members, ...settings('Us', history) }),
    add: (author: string, knows: readonly GroupEntry[], ...members: readonly GroupMember[]) =>
      write(author, knows, { operation: 'add', members }),
    role: (author: string, knows: readonly GroupEntry[], ...members: readonly GroupMember[]) =>
      write(author, knows, { operation: 'role', members }),
    remove: (author: string, knows: readonly GroupEntry[], ...names: readonly string[]) =>
      write(author, knows, {
        operation: 'remove',
        targets: names.map((name) => ({ identity: deviceOf(name), root: null })),
      }),
    settings: (author: string, knows: readonly GroupEntry[], name: string, history = true) =>
      write(author, knows, { operation: 'settings', ...settings(name, history) }),
    leave: (author: string, knows: readonly GroupEntry[]) => write(author, knows, { operation: 'leave' }),
    open: (entries: Iterable<GroupEntry>): OpenGroup => openGroup(id, entries, personOf, sha256),
  }
}

/** Members in their order, admins with a star: `a* b c`. */
export function roll(state: OpenGroup['now']): string {
  return [...(state?.members.values() ?? [])]
    .map(({ person, role }) => (role === 'admin' ? `${person}*` : person))
    .join(' ')
}

/** Everything of a group that has to be the same everywhere. */
export function endOf(group: OpenGroup): unknown {
  return {
    members: [...(group.now?.members.values() ?? [])],
    settings: group.now?.settings,
    heads: group.heads.slice(0, maxHeads),
    verdicts: [...group.verdicts].sort(([a], [b]) => (a < b ? -1 : 1)),
  }
}
