/** First messages as they are left in drop boxes: whatever stands in one, nothing throws (spec Q27). */
import { identityOfKey, rawCidOfDigest } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Knock, knockOf, maxKnockText, readKnock } from './knock.ts'

const identity = identityOfKey(new Uint8Array(32).fill(1))
const knock: Knock = {
  content: rawCidOfDigest(new Uint8Array(32).fill(2)),
  at: 5,
  text: 'hello',
  name: 'Ann',
  people: [{ identity, root: null }],
}

test('[Q27] what was written is read, its beginning alone where it is long', () => {
  expect(readKnock(knockOf(knock))).toEqual(knock)
  const long = `${'x'.repeat(maxKnockText - 1)}😀 and more`
  const read = readKnock(knockOf({ ...knock, text: long, name: null }))
  expect([read?.text, read?.name]).toEqual(['x'.repeat(maxKnockText - 1), null])
})

test.for([
  ['no content', { content: 'x' }],
  ['a text that is none', { text: 5 }],
  ['a text that is too long', { text: 'x'.repeat(maxKnockText + 1) }],
  ['a name that is none', { name: 5 }],
  ['a time that is none', { at: 'now' }],
  ['nobody', { people: [] }],
  ['too many', { people: Array.from({ length: 17 }, () => [identity, null]) }],
  ['somebody who is nobody', { people: [['x', null]] }],
  ['a root that is none', { people: [[identity, 'x']] }],
  ['another type', { type: 'x-note' }],
] as const)('[Q27] %s: it is none', ([, change]) => {
  expect(readKnock({ ...knockOf(knock), ...change } as never)).toBeNull()
})

test('[Q27] never throws', () => {
  const anything = fc.dictionary(
    fc.constantFrom('type', 'content', 'at', 'text', 'name', 'people'),
    fc.jsonValue(),
  )
  fc.assert(fc.property(anything, (payload) => void readKnock({ ...knockOf(knock), ...payload } as never)))
})
