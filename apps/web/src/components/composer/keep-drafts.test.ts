/** Where drafts are kept, whose they are, and what is kept of none. */
import { createPhrase, parseIdentity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { beforeEach, expect, test, vi } from 'vitest'
import {
  createDraftLine,
  type Draft,
  findDraft,
  forgetDrafts,
  keepable,
  keepDraft,
  shareKept,
} from './drafts.ts'
import { onPutAway, putDraftsAway } from './put-away.ts'

const before = parseIdentity('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')!
const now = parseIdentity('did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH')!
const words = createPhrase((length) => new Uint8Array(length).map((_, at) => (at * 37 + 11) % 256))
const draft = (text: string, more: Partial<Draft> = {}): Draft => ({
  text,
  warning: '',
  attachments: [],
  mentions: [],
  audience: { type: 'all' },
  at: 1,
  ...more,
})

/** After a lock: another device of the same account. */
const peer = {
  identity: now,
  account: {
    show: async () => ({ members: [{ identity: now }], revoked: [{ identity: before }], frozen: [] }),
  },
  state: { value: async () => null },
} as unknown as RemotePeer

/** Of which all own devices learn, in the order they do; `turn` comes before each. */
function sharingPeer(turn: () => Promise<void>): { readonly peer: RemotePeer; readonly shared: unknown[] } {
  const shared: unknown[] = []
  async function set([[key, value]]: readonly [[string, Draft | null]]): Promise<void> {
    await turn()
    shared.push([key, value?.text ?? null])
  }
  return { peer: { state: { set } } as unknown as RemotePeer, shared }
}

const keptText = (): unknown => JSON.parse(kept.get('effigy-draft/effigy/new') ?? 'null')?.text ?? null

let kept: Map<string, string>

beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('localStorage', {
    get length() {
      return kept.size
    },
    key: (at: number) => [...kept.keys()][at] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
  return () => vi.unstubAllGlobals()
})

test('[T14] what tells a secret is no draft, wherever in it it stands', async () => {
  const image = { type: 'image', alt: words } as unknown as Draft['attachments'][number]
  for (const secret of [
    draft(words),
    draft(`Half a thought, ${words}`),
    draft('a', { warning: words }),
    draft('a', { attachments: [image] }),
    draft('effigy-link-1-Ab_defghijklmnopqrst'),
  ])
    expect(await keepable(secret)).toBeNull()
  expect(await keepable(draft(' '))).toBeNull()
  const plain = draft('Half a thought')
  expect(await keepable(plain)).toBe(plain)
})

test('drafts are of an account, whichever device this browser is, and go with it', async () => {
  kept.set(`effigy-draft/${before}/new`, JSON.stringify(draft('From before the lock')))
  kept.set(`effigy-draft/${before}/to/x`, JSON.stringify(draft('An older one')))
  kept.set('effigy-draft/effigy-2/new', JSON.stringify(draft('Of somebody else')))
  keepDraft('to/x', draft('Written since'))
  expect((await findDraft(peer, 'new'))?.text).toBe('From before the lock')
  expect((await findDraft(peer, 'to/x'))?.text).toBe('Written since')
  expect([...kept.keys()].sort()).toEqual([
    'effigy-draft/effigy-2/new',
    'effigy-draft/effigy/new',
    'effigy-draft/effigy/to/x',
  ])
  // Of a device that nobody knows here any more.
  kept.set('effigy-draft/did:key:z6MkGone/new', JSON.stringify(draft('Whose?')))
  forgetDrafts()
  expect([...kept.keys()]).toEqual(['effigy-draft/effigy-2/new'])
})

test('while nobody has the peer, what is written is kept here, and the newest is shared last', async () => {
  const started = Promise.withResolvers<void>()
  const { peer, shared } = sharingPeer(() => started.promise)
  const line = createDraftLine()
  const left = [line.put(peer, 'new', draft('Left'), true), line.put(peer, 'new', draft('Left again'), true)]
  await line.put(peer, 'new', draft('Written since'), false)
  expect(keptText()).toBe('Written since')
  left.push(line.put(peer, 'new', draft(''), true))
  await line.put(peer, 'new', draft('Begun anew'), false)
  expect(keptText()).toBe('Begun anew')
  expect(shared).toEqual([])
  started.resolve()
  await Promise.all(left)
  expect(shared).toEqual(['Left', 'Left again', null].map((text) => ['draft/new', text]))
})

test('what cannot be shared keeps nothing that comes after it from the others', async () => {
  const turns = [Promise.reject(new Error('gone')), Promise.resolve()]
  const { peer, shared } = sharingPeer(() => turns.shift()!)
  const line = createDraftLine()
  const failed = line.put(peer, 'new', draft('Left'), true)
  const next = line.put(peer, 'new', draft('Left again'), true)
  await expect(failed).rejects.toThrow('gone')
  await next
  expect(shared).toEqual([['draft/new', 'Left again']])
})

test('[T14] where nobody can tell whether it is a secret, what was there before stays, here and on the others', async () => {
  const { peer, shared } = sharingPeer(async () => {})
  const line = createDraftLine()
  await line.put(peer, 'new', draft('Before'), true)
  await line.put(peer, 'new', draft('Before, and more'), false)
  vi.doMock('../secret-guard/phrase-in.ts', () => {
    throw new Error('offline')
  })
  await expect(line.put(peer, 'new', draft(words), false)).rejects.toThrow()
  await expect(line.put(peer, 'new', draft(words), true)).rejects.toThrow()
  expect(keptText()).toBe('Before, and more')
  vi.doUnmock('../secret-guard/phrase-in.ts')
  expect(shared).toEqual([['draft/new', 'Before']])
  // It is there again: a secret is kept nowhere, and takes the place of what it was written into.
  await line.put(peer, 'new', draft(words), true)
  expect(keptText()).toBeNull()
  expect(shared).toEqual([
    ['draft/new', 'Before'],
    ['draft/new', null],
  ])
})

test('[T14] what all own devices have stands here no longer; what was written since does', async () => {
  const started = Promise.withResolvers<void>()
  const { peer, shared } = sharingPeer(() => started.promise)
  const line = createDraftLine()
  const left = line.put(peer, 'new', draft('Left'), true)
  await line.put(peer, 'new', draft('Written since'), false)
  started.resolve()
  await left
  expect(keptText()).toBe('Written since')
  await line.put(peer, 'new', draft('Written since'), true)
  expect(keptText()).toBeNull()
  expect(shared).toEqual(['Left', 'Written since'].map((text) => ['draft/new', text]))
})

/** What own devices have, with room for more. */
function peerWith(values: ReadonlyMap<string, Draft>): {
  readonly peer: RemotePeer
  readonly values: Map<string, Draft>
} {
  const all = new Map(values)
  const state = {
    value: async (key: string) => all.get(key) ?? null,
    set: async ([[key, value]]: readonly [[string, Draft]]) => void all.set(key, value),
  }
  return { peer: { ...peer, state } as unknown as RemotePeer, values: all }
}

test('[T14] a lock leaves none here: the newer of both goes to all own devices, and one that is being written too', async () => {
  const { peer, values } = peerWith(
    new Map([
      ['draft/new', draft('Of another device', { at: 5 })],
      ['draft/to/x', draft('Older', { at: 1 })],
    ]),
  )
  keepDraft('new', draft('Older here', { at: 4 }))
  keepDraft('to/x', draft('Newer', { at: 2 }))
  const line = createDraftLine()
  using _open = onPutAway(() => line.put(peer, 'reply/y', draft('On the screen'), true))
  using _failing = onPutAway(async () => {
    throw new Error('gone')
  })
  await putDraftsAway(peer)
  expect([...kept]).toEqual([])
  expect(Array.from(values, ([key, { text }]) => [key, text])).toEqual([
    ['draft/new', 'Of another device'],
    ['draft/to/x', 'Newer'],
    ['draft/reply/y', 'On the screen'],
  ])
})

test('[T14] a lock is not held up by who cannot take drafts; they stay for whoever unlocks', async () => {
  vi.useFakeTimers()
  try {
    const { peer } = sharingPeer(() => new Promise(() => {}))
    using _open = onPutAway(() => createDraftLine().put(peer, 'new', draft('Left'), true))
    const away = putDraftsAway(peer)
    await vi.advanceTimersByTimeAsync(3_000)
    await away
    expect(keptText()).toBe('Left')
  } finally {
    vi.useRealTimers()
  }
  await expect(
    shareKept({ ...peer, state: { value: async () => Promise.reject(new Error('gone')) } } as never),
  ).rejects.toThrow('gone')
  expect(keptText()).toBe('Left')
})
