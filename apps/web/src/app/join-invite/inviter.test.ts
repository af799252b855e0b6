import type { Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { inviterOf } from './inviter.ts'

const hub = 'hub' as Identity
const url = 'wss://hub.example/sync'

test('a hub that invites in its own name is no person, and has a name in any case', () => {
  expect(inviterOf({ from: hub, hub, url, name: ' Harbour ' })).toEqual({ type: 'hub', name: 'Harbour' })
  expect(inviterOf({ from: hub, hub, url, name: '' })).toEqual({ type: 'hub', name: 'hub.example' })
  expect(inviterOf({ from: 'bea' as Identity, hub, url, name: ' ' })).toEqual({ type: 'person', name: '' })
})
