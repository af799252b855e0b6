import { type Identity, identityOfKey, rawCid, utf8 } from '@effigy/core'
import { expect, test } from 'vitest'
import { isSlow, medium, openTestStore } from '../../test/medium.ts'
import type { Store } from '../store.ts'
import { type GroupTexts, maxOfAuthor } from './group-texts.ts'

const { sha256 } = medium
const group = 'AAAAAAAAAAAAAAAAAAAAAA'
const other = 'AAAAAAAAAAAAAAAAAAAAAQ'
const alice: Identity = identityOfKey(sha256(utf8('alice')))
const bob: Identity = identityOfKey(sha256(utf8('bob')))
const content = (name: string) => rawCid(utf8(name), sha256)
const open = (): Store & { readonly groupTexts: GroupTexts } =>
  openTestStore(':memory:', { sha256, now: () => 0 }) as Store & { readonly groupTexts: GroupTexts }

test('[Q11] a text is noted once in its conversation, and given in the order of noting', () => {
  using store = open()
  const { groupTexts: texts } = store
  const one = {
    conversation: group,
    kind: 'operation',
    identity: alice,
    content: content('1'),
    key: '',
  } as const
  expect(texts.add(one, 0)).toBe(true)
  expect(texts.add(one, 0)).toBe(false)
  expect(texts.add({ ...one, identity: bob }, 0)).toBe(true)
  expect(texts.add({ ...one, conversation: other, kind: 'key' }, 0)).toBe(true)
  expect(texts.of(group, 'operation', 10).map(({ identity }) => identity)).toEqual([alice, bob])
  expect(texts.conversations('operation')).toEqual([group])
  expect(texts.conversations('key')).toEqual([other])
  expect(texts.find({ ...one, identity: bob })).toMatchObject({ identity: bob, content: content('1') })
  expect(texts.find({ ...one, content: content('2') })).toBeNull()
})

test('[Q17] conversations come in the order in which something of them was noted first', () => {
  using store = open()
  const { groupTexts: texts } = store
  const text = { kind: 'operation', identity: alice, key: '' } as const
  for (const [index, conversation] of [other, group, other].entries())
    texts.add({ ...text, conversation, content: content(`${index}`) }, 0)
  expect(texts.conversations('operation')).toEqual([other, group])
})

test('[Q16] messages come newest first, page by page', () => {
  using store = open()
  const { groupTexts: texts } = store
  for (const [index, sort] of [5, 7, 7, 1].entries()) {
    const text = { conversation: group, kind: 'message', identity: alice, key: '' } as const
    texts.add({ ...text, content: content(`${index}`) }, sort)
  }
  const first = texts.messages(group, { limit: 2, below: null })
  const second = texts.messages(group, { limit: 9, below: first.at(-1) ?? null })
  expect([...first, ...second].map((text) => text.content)).toEqual(['2', '1', '0', '3'].map(content))
})

test('[Q3] authors come in turns: whoever writes much keeps nobody else out', () => {
  using store = open()
  const { groupTexts: texts } = store
  const text = { conversation: group, kind: 'operation', key: '' } as const
  for (const name of ['one', 'two', 'three']) texts.add({ ...text, identity: bob, content: content(name) }, 0)
  texts.add({ ...text, identity: alice, content: content('late') }, 0)
  const found = texts.of(group, 'operation', 2)
  expect(found.map((one) => one.content)).toEqual(['one', 'late'].map(content))
})

test.skipIf(isSlow)('[Q3] of one author so many are kept, and no more', () => {
  using store = open()
  const { groupTexts: texts } = store
  const text = { conversation: group, kind: 'operation', identity: bob, key: '' } as const
  for (let count = 0; count < maxOfAuthor; count++) texts.add({ ...text, content: content(`${count}`) }, 0)
  expect(texts.add({ ...text, content: content('above') }, 0)).toBe(false)
  expect(texts.add({ ...text, identity: alice, content: content('above') }, 0)).toBe(true)
  expect(texts.add({ ...text, kind: 'message', content: content('above') }, 0)).toBe(true)
})
