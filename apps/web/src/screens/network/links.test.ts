import type { Identity } from '@effigy/core'
import type { PeerStatus } from '@effigy/peer'
import { expect, test } from 'vitest'
import { linksOf, syncOf } from './links.ts'

type Session = PeerStatus['sessions'][number]

const session = (name: string, given: Partial<Session> & { readonly type?: string } = {}): Session => {
  const { type = 'hub', ...rest } = given
  return {
    identity: name as Identity,
    kind: 'hub',
    upToDate: true,
    hasMine: true,
    via: { type, hub: null, since: 1, why: null } as Session['via'],
    ...rest,
  }
}

const status = (sessions: readonly Session[], given: Partial<PeerStatus> = {}): PeerStatus => ({
  ...{ connections: [], sessions, feeds: [], behind: { feeds: 0, entries: 0 }, unverified: 0 },
  ...{ blobs: { wanted: 0, wantedBytes: 0 }, accounts: [], unsearchable: 0, mayWrite: true },
  ...given,
})

test('hubs stand before people, and each has the way that it goes', () => {
  const links = linksOf(
    status([
      session('c', { kind: 'peer', type: 'relay' }),
      session('b', { kind: 'peer', type: 'direct' }),
      session('a'),
      session('d', { kind: 'peer', type: 'turn' }),
    ]),
  )
  expect(links.map(({ identity, way }) => [identity, way])).toEqual([
    ['a', 'hub'],
    ['b', 'near'],
    ['c', 'relayed'],
    ['d', 'relayed'],
  ])
})

test('it is safe to close when nothing is on its way and each hub has everything', () => {
  expect(syncOf(status([])).type).toBe('alone')
  expect(syncOf(status([session('a')])).type).toBe('safe')
  expect(syncOf(status([session('a', { hasMine: false })]))).toMatchObject({ type: 'busy', lacking: 1 })
  expect(syncOf(status([session('a', { upToDate: false })])).type).toBe('busy')
  expect(syncOf(status([session('a')], { behind: { feeds: 1, entries: 3 } }))).toMatchObject({
    type: 'busy',
    coming: 3,
  })
  // What a hub will never keep is not waited for.
  const refused = syncOf(status([session('a', { hasMine: false })]), new Set(['a' as Identity]))
  expect(refused).toMatchObject({ type: 'safe', lacking: 0, refusing: 1 })
  // A friend may never have all of it.
  expect(syncOf(status([session('b', { kind: 'peer', hasMine: false })])).type).toBe('safe')
})
