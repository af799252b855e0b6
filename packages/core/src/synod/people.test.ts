import { describe, expect, test } from 'vitest'
import { cidOf, createWorld, deviceIdentity, finalOf } from '../../test/synod-world.ts'
import { sha256 } from '../../test/world.ts'
import type { Final } from '../payloads/schemas/synod.ts'
import { judgeAuthority } from './authority.ts'
import { accountChanges } from './changes.ts'
import type { ProvenState } from './evidence.ts'
import { createAccounts } from './people.ts'

const { root, key, member, move, state } = createWorld()
const [key0, key1] = [key(0), key(1)]
const [one, two, three, four] = [1, 2, 3, 4].map(deviceIdentity) as [
  typeof key0.identity,
  typeof key0.identity,
  typeof key0.identity,
  typeof key0.identity,
]
const final: Final = [1, 4, cidOf('four')]
const judge = (...states: readonly ProvenState[]) => judgeAuthority(root, states, sha256)!
const first = state(key0, null, [], { members: [member(1), member(2)] })
const second = state(key0, first, [], { members: [member(1), member(3)], revoked: [[two, final]] })
const away = move(key0, key1, finalOf(second))
const third = state(key1, null, [away], {
  members: [member(3), member(4)],
  revoked: [
    [two, final],
    [one, null],
  ],
})
const feedsOf = (states: readonly ProvenState[], target = { identity: key0.identity, root }) =>
  createAccounts([judge(...states)])
    .follow(target)
    .feeds.map(({ identity }) => identity)

describe('following', () => {
  test('[Y13] a person is all devices, present and future, and the key that names them', () => {
    expect(feedsOf([first])).toEqual([key0.identity, one, two])
    expect(feedsOf([first, second])).toEqual([key0.identity, one, three, two])
  })

  test('[Y13] followers move along, and see that it happened; of whom nothing counts is no feed', () => {
    const followed = createAccounts([judge(first, second, third)]).follow({ identity: key0.identity, root })
    expect(followed).toMatchObject({ quota: root, identity: key1.identity, moved: true, known: true })
    expect(followed.feeds.map(({ identity }) => identity)).toEqual([
      key1.identity,
      key0.identity,
      three,
      four,
      two,
    ])
    expect(createAccounts([judge(first)]).follow({ identity: key0.identity, root }).moved).toBe(false)
  })

  test('[Y13] the root decides, whatever key stands beside it', () => {
    expect(feedsOf([first], { identity: four, root })).toEqual([key0.identity, one, two])
  })

  test('[Y13] before a state is here there is one feed to get it from, and it is nobody’s yet', () => {
    expect(createAccounts([]).follow({ identity: key0.identity, root })).toEqual({
      quota: root,
      identity: key0.identity,
      moved: false,
      known: false,
      feeds: [{ identity: key0.identity, role: 'synod', standing: { type: 'foreign' } }],
    })
  })

  test('[Y13] a lone device is itself alone, under the quota of its account', () => {
    const accounts = createAccounts([judge(first, second)])
    expect(accounts.follow({ identity: one, root: null })).toMatchObject({
      quota: root,
      feeds: [{ identity: one }],
    })
    expect(accounts.follow({ identity: four, root: null })).toMatchObject({ quota: four, known: true })
    const ended = accounts.follow({ identity: two, root: null }).feeds
    expect(ended).toMatchObject([{ standing: { type: 'revoked', final } }])
  })
})

describe('[Y13] [P8] siblings', () => {
  test('devices of one account, without the one asked for and the account’s keys', () => {
    const { siblings } = createAccounts([judge(first, second)])
    expect(new Set(siblings(one, null))).toEqual(new Set([two, three]))
    expect(siblings(one, [key0.identity, root])).toEqual(siblings(one, null))
    expect(siblings(four, null)).toEqual([])
  })

  test('[T27] a hint at an account that does not have the identity gives none', () => {
    const other = createWorld(9)
    const theirs = judgeAuthority(
      other.root,
      [other.state(other.key(0), null, [], { members: [other.member(4)] })],
      sha256,
    )!
    const { siblings, personOf, holding } = createAccounts([judge(first), theirs])
    expect(siblings(four, [key0.identity, root])).toEqual([])
    expect(siblings(one, [other.key(0).identity, other.root])).toEqual([])
    expect(personOf(four)).toBe(other.root)
    expect(holding(one).map((authority) => authority.root)).toEqual([root])
  })

  test('a device counts for the account that has it now', () => {
    const other = createWorld(9)
    const theirs = judgeAuthority(
      other.root,
      [other.state(other.key(0), null, [], { members: [other.member(2)] })],
      sha256,
    )!
    const { personOf } = createAccounts([judge(first, second), theirs])
    expect(personOf(two)).toBe(other.root)
    expect(personOf(deviceIdentity(77))).toBe(deviceIdentity(77))
  })
})

describe('accountChanges', () => {
  test('[Y14] joined, revoked, moved', () => {
    expect(
      accountChanges(judge(first), judge(first, second))
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(['joined', 'revoked'])
    const changes = accountChanges(judge(first, second), judge(first, second, third))
    expect(changes[0]).toEqual({ type: 'moved', move: away })
    expect(changes).toContainEqual({ type: 'revoked', identity: one, final: null })
    expect(changes).toContainEqual({ type: 'joined', member: member(4) })
    expect(changes).toContainEqual({ type: 'handed-over', main: member(3) })
    expect(accountChanges(judge(first), judge(first))).toEqual([])
  })

  test('[Y14] left, disputed and settled again, disowned', () => {
    const left = state(key0, first, [], { members: [member(1)] })
    expect(accountChanges(judge(first), judge(first, left))).toEqual([{ type: 'frozen', identity: two }])
    const disputed = judge(first, second, left)
    expect(accountChanges(judge(first, second), disputed)).toContainEqual({ type: 'disputed' })
    const healed = judge(first, second, left, third)
    expect(accountChanges(disputed, healed)).toContainEqual({ type: 'settled' })
    const cut = state(key1, null, [move(key0, key1, finalOf(first))], { members: [member(1)] })
    expect(accountChanges(judge(first, second), judge(first, second, cut))).toContainEqual({
      type: 'disowned',
      identity: three,
    })
  })
})
