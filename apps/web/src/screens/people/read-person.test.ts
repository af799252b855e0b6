/** What a friend gives leads to a person, an address or an invite; a code for devices is told apart (T15). */
import type { Identity } from '@effigy/core'
import { writeSafetyCode } from '@effigy/core'
import { sha256 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import { readPerson } from './read-person.ts'

const identity = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp' as Identity
const person = { type: 'person', identity }

test.for([
  identity,
  ` ${identity}\n`,
  `https://hub.example/p/${identity}`,
  `https://hub.example/p/${identity}/?lang=de#top`,
  `web+effigy:p/${identity}`,
  `web+effigy://p/${identity}`,
  writeSafetyCode({ identity, root: null, number: '1'.repeat(60) }, (bytes) => sha256(bytes)),
])('%j is somebody', (text) => expect(readPerson(text)).toEqual(person))

test('an address at a hub, an invite, a code for devices', () => {
  expect(readPerson('@Ada@hub.example')).toEqual({ type: 'alias', text: 'ada@hub.example' })
  expect(readPerson('https://hub.example/i/#effigy-invite-1-AbC_-')).toEqual({
    type: 'invite',
    code: 'effigy-invite-1-AbC_-',
  })
  expect(readPerson('effigy-link-1-AbC')).toEqual({ type: 'device-code' })
})

test.for([
  '',
  'hello',
  'did:key:z6Mk',
  `https://hub.example/n/${identity}`,
  `javascript:alert(1)/p/${identity}x`,
  'effigy-safety-1-AAAA',
  'x'.repeat(5_000),
])('%j leads nowhere', (text) => expect(readPerson(text)).toBeNull())

test('a slip in a code leads nowhere', () => {
  const code = writeSafetyCode({ identity, root: null, number: '2'.repeat(60) }, (bytes) => sha256(bytes))
  for (let at = 16; at < code.length; at++) {
    expect(readPerson(code.slice(0, at) + (code[at] === 'A' ? 'B' : 'A') + code.slice(at + 1))).toBeNull()
  }
})
