import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBase64url } from '../base.ts'
import { parseStrictJson } from '../strict-json.ts'
import { maxTextBytes, saltBytes } from './limits.ts'
import { isPlainNote, readPlainNote } from './plain-note.ts'
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

test('[J1] [P10] a note in its usual spelling is read without a parser, any other text is left to the strict reader', () => {
  const note = { type: 'public_note', at: 1_700_000_000_000, text: 'Grüße, 你好 👋 \u2028 \u007f' }
  const salted = { ...note, salt: 'AAAAAAAAAAAAAAAAAAAAAA' }
  for (const one of [
    note,
    salted,
    { ...note, at: 0 },
    { ...note, at: 8_640_000_000_000_000 },
    { ...note, text: '' },
  ])
    expect(readPlainNote(JSON.stringify(one))).toEqual(one)
  for (const other of [
    '{"type":"public_note","at":01,"text":"a"}',
    '{"type":"public_note","at":1e3,"text":"a"}',
    '{"type":"public_note","at":-0,"text":"a"}',
    '{"type":"public_note","at":,"text":"a"}',
    '{"type":"public_note","at":8640000000000001,"text":"a"}',
    '{"type":"public_note","at":1,"text":"a"} ',
    '{"type":"public_note","at":1,"text":"a","text":"b"}',
    '{"type":"public_note","at":1,"text":"a","salt":"AAAAAAAAAAAAAAAAAAAAAB"}',
    '{"type":"public_note","at":1,"text":"a","salt":"AAAAAAAAAAAAAAAAAAAAA\\"}',
    '{"type":"public_note","at":1,"text":"a\n"}',
    '{"type":"public_note","at":1,"text":"\\u0061"}',
    '{"type":"public_note","at":1,"text":"\\""}',
    '{"type":"public_note","at":1,"text":"\ud800"}',
    `{"type":"public_note","at":1,"text":"${'é'.repeat(maxTextBytes / 2)}e"}`,
    '{"type":"public_note","at":1,"text":"a',
    '{"type":"public_note","at":1,"text":"',
    '{"type":"public_note","at":1',
  ])
    expect(readPlainNote(other), other.slice(0, 80)).toBeNull()
})

test('[J1] [P4] what is read without a parser is what the strict reader gives', () => {
  const signs = fc.constantFrom(
    ...'"\\{}:,019aé👋\u0000\u001f\u007f\u2028\ud800\udc00',
    '","salt":"',
    ',"text":"',
  )
  const notes = fc.record({
    type: fc.constant('public_note'),
    at: fc.oneof(fc.nat(), fc.maxSafeNat()),
    text: fc.oneof({ weight: 3, arbitrary: fc.string({ unit: 'binary' }) }, fc.string({ unit: signs })),
  })
  const salts = fc.uint8Array({ minLength: saltBytes, maxLength: saltBytes }).map(encodeBase64url)
  /** Written as we do, and then mostly damaged in one place. */
  const texts = fc
    .tuple(notes, fc.option(salts), fc.nat(), fc.nat(3), fc.oneof(fc.constant(''), signs))
    .map(([note, salt, place, gone, put]) => {
      const text = JSON.stringify(salt === null ? note : { ...note, salt })
      const at = place % (text.length + 1)
      return text.slice(0, at) + put + text.slice(at + gone)
    })
  let read = 0
  fc.assert(
    fc.property(texts, (text) => {
      const note = readPlainNote(text)
      if (note === null) return
      read++
      const json = parseStrictJson(text)
      expect(json.ok && isPlainNote(json.value as never)).toBe(true)
      expect(json).toEqual({ ok: true, value: note })
    }),
    { numRuns: 5_000 },
  )
  expect(read).toBeGreaterThan(500)
})
