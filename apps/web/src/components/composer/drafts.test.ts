/** Drafts come back as they were, for whom they were, or not at all. */
import { parseIdentity } from '@effigy/core'
import { expect, test } from 'vitest'
import { type Draft, isEmpty, readDraft } from './drafts.ts'

const bea = parseIdentity('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')!
const draft: Draft = {
  text: 'Dear @Bea',
  warning: '',
  attachments: [],
  mentions: [{ identity: bea, root: null, name: 'Bea' }],
  audience: { type: 'people', to: [bea] },
  at: 1,
}

const again = (value: unknown): Draft | null => readDraft(JSON.parse(JSON.stringify(value)))

test.for([
  draft,
  { ...draft, audience: { type: 'all' } },
  { ...draft, audience: { type: 'people', to: [] } },
  { ...draft, audience: { type: 'group', id: 'abc' } },
])('$audience comes back as it was', (value) => expect(again(value)).toEqual(value))

test.for([
  null,
  'text',
  {},
  { ...draft, audience: undefined },
  { ...draft, audience: { type: 'group' } },
  { ...draft, audience: { type: 'everybody' } },
  { ...draft, attachments: [null] },
  { ...draft, text: 1 },
])('%j is no draft: never one for everybody', (value) => expect(again(value)).toBeNull())

test('nothing but spaces is nothing', () => {
  expect(isEmpty({ ...draft, text: ' \n' })).toBe(true)
  expect(isEmpty(draft)).toBe(false)
})
