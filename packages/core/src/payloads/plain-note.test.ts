import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBase64url } from '../base.ts'
import { parseStrictJson } from '../strict-json.ts'
import { maxTextBytes, saltBytes } from './limits.ts'
import { isPlainNote } from './plain-note.ts'
import { publicNoteSchema } from './schemas/public-note.ts'

test('[P10] a note, with or without salt, is told without its schema', () => {
  const note = { type: 'public_note', at: 1_700_000_000_000, text: 'hello' }
  expect(isPlainNote(note)).toBe(true)
  expect(isPlainNote({ ...note, salt: 'AAAAAAAAAAAAAAAAAAAAAA' })).toBe(true)
  expect(isPlainNote({ type: 'public_note', at: 1, salt: 'AAAAAAAAAAAAAAAAAAAAAA' })).toBe(false)
  expect(isPlainNote({ ...note, tags: [] })).toBe(false)
  expect(isPlainNote({ ...note, text: 'x'.repeat(maxTextBytes + 1) })).toBe(false)
})

test('[P4] what passes here passes the schema, and what the schema refuses does not pass here', () => {
  const field = fc.oneof(
    fc.constantFrom<unknown>(
      'public_note',
      'comment',
      0,
      -1,
      1.5,
      8_640_000_000_000_000,
      8_640_000_000_000_001,
    ),
    fc.constantFrom<unknown>('AAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAB', 'é', null, true, [], {}),
    fc.integer(),
    fc.string(),
  )
  /** Mostly right: each of the others is wrong in one place or two. */
  const mostly = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary }, field)
  const salts = fc.uint8Array({ minLength: saltBytes, maxLength: saltBytes }).map(encodeBase64url)
  const values = fc
    .tuple(
      fc.record({
        type: mostly(fc.constant('public_note')),
        at: mostly(fc.nat()),
        text: mostly(fc.string()),
      }),
      fc.record({ salt: mostly(salts) }, { requiredKeys: [] }),
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.record({ tags: field })),
    )
    .map((parts) => Object.assign({}, ...parts))
  let plain = 0
  fc.assert(
    fc.property(values, (value) => {
      const json = parseStrictJson(JSON.stringify(value))
      if (!json.ok || !isPlainNote(json.value as never)) return
      plain++
      expect(publicNoteSchema.safeParse(json.value).success).toBe(true)
    }),
    { numRuns: 5_000 },
  )
  expect(plain).toBeGreaterThan(500)
})
