/** Where drafts are kept, whose they are, and what is kept of none. */
import { createPhrase, parseIdentity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { beforeEach, expect, test, vi } from 'vitest'
import { type Draft, findDraft, forgetDrafts, keepable, keepDraft } from './drafts.ts'

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
