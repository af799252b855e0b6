/** Whose contents an `erase` reaches through a synod state (P9, T27). */
import { encodeBase64url, type Identity, identityKey, type SignedEntry } from '@effigy/core'
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { type OpenFeeds, openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'

const alice = testIdentity('alice')
const mallory = testIdentity('mallory')
const mallorySynod = testIdentity('synod of mallory')

const key = encodeBase64url(new Uint8Array(32).fill(7))
const signature = encodeBase64url(new Uint8Array(64).fill(7))
const member = (identity: Identity) => [identity, key, '', 1, signature]

/** A state that Mallory wrote: Alice never agreed to be in it. */
function stateOf(lists: { readonly identities: readonly unknown[]; readonly revoked: readonly unknown[] }) {
  const empty = { name: '', about: '', avatar: null, hubs: [], dropboxes: [] }
  const root = encodeBase64url(identityKey(mallorySynod))
  return JSON.stringify({
    type: 'synod',
    at: 1,
    root,
    ...lists,
    next: key,
    recovery: key,
    origin: key,
    moves: [],
    ...empty,
  })
}

function hold({ feeds }: OpenFeeds, chain: readonly SignedEntry[]): void {
  const { identity } = (chain[0] as SignedEntry).entry
  feeds.watchFeed(identity, followAll)
  feeds.acceptHead(headOf(chain))
  deliverAll(feeds, identity, sourceOf(chain))
  feeds.settle(feeds.unverified(1000).map(({ id }) => ({ id, valid: true })))
}

const shownOfAlice = ({ shown }: OpenFeeds): number =>
  [...shown.values()].filter(({ identity }) => identity === alice).length

const lists: readonly [string, { identities: readonly unknown[]; revoked: readonly unknown[] }][] = [
  ['as a member', { identities: [member(mallory), member(alice)], revoked: [] }],
  ['as revoked', { identities: [member(mallory)], revoked: [[alice, null]] }],
]

/** Mallory erases Alice's first note, naming a state that lists her. */
function eraseBy(world: OpenFeeds, state: (typeof lists)[number][1]): void {
  hold(world, testFeed(alice, 2))
  const synod = extend(mallorySynod, [], [{ payload: stateOf(state) }])
  hold(world, synod)
  const content = world.feeds.entryAt(alice, 1)?.content as string
  const erase = JSON.stringify({ type: 'erase', at: 1, targets: [{ identity: alice, content }] })
  hold(world, extend(mallory, [], [{ payload: erase, synod: [mallorySynod, (synod[0] as SignedEntry).cid] }]))
}

test.each(lists)(
  '[P9] [T27] who lists somebody in a synod of his own, %s, erases nothing of theirs',
  (_name, state) => {
    using world = openFeeds(openSqlite(':memory:', { migrations }))
    eraseBy(world, state)
    expect(shownOfAlice(world)).toBe(2)
  },
)

test.each(lists)('[P9] a proven state reaches who is listed %s', (_name, state) => {
  const isProvenSynod = (_state: unknown, of: Identity): boolean => of === mallorySynod
  using world = openFeeds(openSqlite(':memory:', { migrations }), { isProvenSynod })
  eraseBy(world, state)
  expect(shownOfAlice(world)).toBe(1)
})
