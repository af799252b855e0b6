import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../test/world.ts'
import type { Identity, RawCid } from '../names.ts'
import type { ContentName } from '../payloads/base-fields.ts'
import { writePayload } from '../payloads/payload.ts'
import type { Group, GroupMember } from '../payloads/schemas/group.ts'
import {
  type GroupEntry,
  groupId,
  nameKey,
  openGroup,
  operationsConversation,
  type PersonOf,
} from './index.ts'

interface Vectors {
  readonly names: {
    readonly identity: Identity
    readonly salt: string
    readonly group: string
    readonly operations: string
  }
  /** Devices and whose they are. */
  readonly persons: readonly (readonly [Identity, string])[]
  readonly rows: readonly {
    readonly name: string
    readonly group: string
    readonly entries: readonly GroupEntry[]
    /** The most senior first: person, role, whether for want of another admin. */
    readonly members: readonly (readonly [string, string, boolean])[]
    readonly title: string
    /** Of each entry. */
    readonly verdicts: readonly string[]
    readonly heads: readonly ContentName[]
  }[]
  /** Each of `adds` knows `create` and lists `listed`. */
  readonly bounds: {
    readonly create: GroupEntry
    readonly listed: readonly GroupMember[]
    readonly adds: readonly (readonly [Identity, RawCid, comparable: number])[]
    readonly verdicts: readonly string[]
  }
}

const { names, persons, rows, bounds } = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/groups.json', import.meta.url), 'utf8'),
) as Vectors

const byDevice = new Map(persons)
const personOf: PersonOf = ({ identity, root }) => root ?? byDevice.get(identity) ?? identity

test('[Q1] [Q11] the names of a group and of the conversation of its operations', () => {
  expect(groupId(names.identity, names.salt, sha256)).toBe(names.group)
  expect(operationsConversation(names.group, sha256)).toBe(names.operations)
})

test('[Q3] of what lists more people than is looked at the first count', () => {
  const { create, listed, adds, verdicts } = bounds
  const { identity, content, payload } = create
  const { group } = payload
  const added = adds.map(([by, name, comparable]): GroupEntry => {
    const knows = [{ identity, content }]
    const add = { type: 'group', at: comparable, group, knows, operation: 'add', members: listed } as const
    return { identity: by, content: name, comparable, payload: add as unknown as Group }
  })
  for (const order of [added, added.toReversed()]) {
    const judged = openGroup(group, [create, ...order], personOf, sha256)
    expect(added.map((entry) => judged.verdicts.get(nameKey(entry)))).toEqual(verdicts)
  }
  expect(new Set(verdicts)).toEqual(new Set(['counts', 'too-many']))
})

describe('what is held, and the group', () => {
  test.for(rows)('$name', ({ group, entries, members, title, verdicts, heads }) => {
    for (const { payload } of entries) expect(writePayload(payload, { encrypted: true }).ok).toBe(true)
    for (const order of [entries, entries.toReversed()]) {
      const judged = openGroup(group, order, personOf, sha256)
      const roll = [...(judged.now?.members.values() ?? [])].map(({ person, role, isHeir }) => [
        person,
        role,
        isHeir,
      ])
      expect(roll).toEqual(members)
      expect(judged.now?.settings.name).toBe(title)
      expect(entries.map((entry) => judged.verdicts.get(nameKey(entry)))).toEqual(verdicts)
      expect(judged.heads).toEqual(heads)
    }
  })
})
