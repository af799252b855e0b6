import { expect, test } from 'vitest'
import { grown } from './grown.ts'

const none = { notices: 0, messages: 0, requests: 0 }

test('what was there when the app began is not told, and what was read is not', () => {
  expect(grown(null, { notices: 3, messages: 2, requests: 1 })).toEqual([])
  expect(grown({ notices: 3, messages: 2, requests: 1 }, none)).toEqual([])
})

test('each kind that grew is told for itself, and leads to where it is read', () => {
  expect(grown(none, { ...none, notices: 1 })).toEqual([{ kind: 'notices', path: '/news' }])
  expect(grown({ ...none, notices: 4 }, { notices: 2, messages: 1, requests: 1 })).toEqual([
    { kind: 'messages', path: '/talks' },
    { kind: 'requests', path: '/talks' },
  ])
})
