import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hostileJson } from './hostile-json.ts'
import { createRandom } from './seed.ts'

const all = [...hostileJson(createRandom('hostile'))]
const digest = (inputs: typeof all) =>
  inputs.map(({ name, bytes }) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('the same seed gives the same inputs', () => {
  expect(digest([...hostileJson(createRandom('hostile'))])).toEqual(digest(all))
})

test('every family is there', () => {
  const has = (part: string) => expect(all.some(({ bytes }) => text(bytes).includes(part))).toBe(true)
  for (const part of [
    '['.repeat(5000),
    '"\\u0061"',
    '1e999',
    '__proto__',
    '\\ud800',
    '"0":',
    '9007199254740993',
  ])
    has(part)
  const invalid = all.filter(({ bytes }) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      return false
    } catch {
      return true
    }
  })
  expect(invalid.length).toBeGreaterThanOrEqual(30)
})
