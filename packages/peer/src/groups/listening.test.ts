/** Whose feeds groups have watched (spec Q17, T16). */
import { type Account, accountKey, type Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { listenTo, type NamingGroup } from './listening.ts'

const person = (name: string): Account => ({ identity: name as Identity, root: null })
const people = (prefix: string, count: number): readonly Account[] =>
  Array.from({ length: count }, (_, index) => person(`${prefix}${index}`))
const meant = (...names: readonly string[]) => ({
  identities: new Set(names as readonly Identity[]),
  roots: new Set<never>(),
})

const group = (giver: string, named: readonly Account[], rest: Partial<NamingGroup> = {}): NamingGroup => ({
  ...{ givers: [person(giver)], isMade: true, members: named, named },
  ...rest,
})
/** Somebody gave keys of it, and no creation is here. */
const unseen = (giver: string, named: readonly Account[]) =>
  group(giver, named, { isMade: false, members: [] })

function heard(groups: readonly NamingGroup[], known: readonly string[], blocked: readonly string[] = []) {
  const stances = { known: meant(...known), blocked: meant(...blocked) }
  const all = listenTo(groups, stances, accountKey)
  const of = (prefix: string) => all.filter(({ identity }) => identity.startsWith(prefix))
  return { all, count: (prefix: string) => of(prefix).length, of }
}

test('[Q17] [T16] groups that nobody sees silence none that one is in', () => {
  const invisible = Array.from({ length: 16 }, (_, index) =>
    unseen('mallory', people(`puppet ${index} `, 64)),
  )
  const real = [group('alice', people('friend ', 40)), group('bob', people('other ', 40))]
  for (const known of [
    ['alice', 'bob'],
    ['alice', 'bob', 'mallory'],
  ]) {
    const { all, count } = heard([...invisible, ...real], known)
    expect([count('friend '), count('other ')]).toEqual([40, 40])
    expect(all.length).toBeLessThanOrEqual(1_024)
  }
})

test('[Q17] one who makes many groups has one turn among those who make some', () => {
  const many = Array.from({ length: 600 }, (_, index) => group('mallory', people(`puppet ${index} `, 64)))
  const { all, count } = heard([...many, group('alice', people('friend ', 500))], ['alice', 'mallory'])
  expect(all).toHaveLength(1_024)
  expect(count('friend ')).toBe(500)
})

test('[Q17] of one maker the groups come in turns, and those whose creation is not here last', () => {
  const groups = [unseen('alice', people('unseen ', 30)), group('alice', people('large ', 1_100))]
  const { count } = heard([...groups, group('alice', people('small ', 100))], ['alice'])
  expect([count('small '), count('large '), count('unseen ')]).toEqual([100, 924, 0])
  expect(heard(groups.slice(0, 1), ['alice']).count('unseen ')).toBe(24)
})

test('[Q17] groups of strangers have few places, and little of each is wanted, until one knows somebody there', () => {
  const named = people('member ', 300)
  const { all } = heard([group('zed', named)], [])
  expect(all).toHaveLength(128)
  expect(all.every(({ isAsking }) => isAsking)).toBe(true)
  for (const known of ['zed', 'member 7']) {
    const met = heard([group('zed', named)], [known])
    expect(met.all).toHaveLength(300)
    expect(met.all.some(({ isAsking }) => isAsking)).toBe(false)
  }
})

test('[Q17] whoever blocks who made a group hears nobody for its sake, unless they know somebody in it', () => {
  const named = people('member ', 3)
  expect(heard([group('zed', named), unseen('zed', named)], ['zed'], ['zed']).all).toEqual([])
  expect(heard([group('zed', named)], ['member 1'], ['zed']).all).toHaveLength(3)
})
