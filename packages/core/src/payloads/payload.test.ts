import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { encodeBase64url } from '../base.ts'
import { utf8 } from '../bytes.ts'
import { type Cid, dagCidOfDigest, rawCidOfDigest } from '../names.ts'
import type { Json } from '../strict-json.ts'
import { utf8Length } from './bounded-text.ts'
import { knownTypes, mayDetach, mayErase, mustEncrypt, type Payload } from './known.ts'
import { maxDetachedBytes, maxTextBytes } from './limits.ts'
import {
  classifyPayload,
  contentId,
  createPayloadRegistry,
  decodeDetached,
  detachedBlock,
  type PayloadPlace,
  readPayload,
  writePayload,
} from './payload.ts'

interface Vectors {
  readonly kinds: readonly { readonly text: string; readonly kind: string | null }[]
  readonly contents: readonly { readonly text: string; readonly content: string }[]
  readonly payloads: readonly (PayloadPlace & {
    readonly rule: string
    readonly name: string
    readonly text: string
    readonly verdict: string
  })[]
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/payloads.json', import.meta.url), 'utf8'),
) as Vectors

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const cid = rawCidOfDigest(sha256(utf8('a block')))
const accepted = vectors.payloads.filter(({ verdict }) => verdict === 'ok')
const note = (more: object) => ({ type: 'public_note', at: 1, text: '', ...more })

function verdictOn(text: string, place?: PayloadPlace): string {
  const read = readPayload(text, place)
  return read.ok ? 'ok' : read.error.code
}

describe('kinds and names', () => {
  test.for(vectors.kinds)('[P1] "$text" is $kind', ({ text, kind }) => {
    expect(classifyPayload(text)).toBe(kind)
  })

  test.for(vectors.contents)('[P1] the content of $text', ({ text, content }) => {
    expect(contentId(text, sha256)).toBe(content)
    expect(contentId(content, sha256)).toBe(content)
  })

  test('[P1] a detached payload is the first link', () => {
    expect(detachedBlock('{}', [])).toEqual({ ok: true, value: null })
    expect(detachedBlock('box:AAAA', [[cid, 1]])).toEqual({ ok: true, value: null })
    expect(detachedBlock(cid, [[cid, 1]])).toEqual({ ok: true, value: cid })
    const other: Cid = dagCidOfDigest(sha256(utf8('another')))
    for (const links of [
      [],
      [[other, 1]],
      [
        [other, 1],
        [cid, 1],
      ],
    ] as [Cid, number][][]) {
      expect(detachedBlock(cid, links)).toMatchObject({ ok: false, error: { code: 'payload-link' } })
    }
  })

  test('[P1] a detached block holds an inline, age or box text of at most 256 KiB', () => {
    for (const text of ['{"type":"void","at":1}', 'age:AAAA', 'box:AAAA', '{']) {
      expect(decodeDetached(utf8(text))).toEqual({ ok: true, value: text })
    }
    expect(decodeDetached(utf8(cid))).toMatchObject({ error: { code: 'payload-kind' } })
    expect(decodeDetached(utf8('hello'))).toMatchObject({ error: { code: 'payload-kind' } })
    expect(decodeDetached(Uint8Array.of(0x7b, 0xff))).toMatchObject({ error: { code: 'payload-text' } })
    expect(decodeDetached(new Uint8Array(maxDetachedBytes).fill(0x7b)).ok).toBe(true)
    expect(decodeDetached(new Uint8Array(maxDetachedBytes + 1).fill(0x7b))).toMatchObject({
      error: { code: 'payload-size' },
    })
  })
})

test.for(vectors.payloads)('[$rule] $name: $verdict', ({ text, verdict, ...place }) => {
  expect(verdictOn(text, place)).toBe(verdict)
})

test('[P3] every type of the protocol has an accepted vector', () => {
  const types = new Set(accepted.map(({ text }) => (JSON.parse(text) as Payload).type))
  for (const type of knownTypes) expect(types).toContain(type)
})

test.for(accepted)(
  '[P3] reading changes nothing, writing gives the same text: $rule $name',
  ({ text, ...place }) => {
    const read = readPayload(text, place)
    if (!read.ok) throw new Error(read.error.code)
    expect(JSON.stringify(read.value)).toBe(text)
    expect(writePayload(read.value, place)).toEqual({ ok: true, value: text })
  },
)

test('[P3] without any one of its fields a payload is read or refused, never half', () => {
  for (const { text, ...place } of accepted) {
    for (const key of Object.keys(JSON.parse(text) as object)) {
      const { [key]: _, ...rest } = JSON.parse(text) as Record<string, Json>
      expect(['ok', 'payload-schema', 'payload-salt']).toContain(verdictOn(JSON.stringify(rest), place))
    }
  }
})

test('[P3] [T3] any value in place of any field: a verdict and no exception', () => {
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(null, [], {}, '', 0, [null], [[]], [{}], { length: 0 }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...accepted), fc.nat(), values, ({ text, ...place }, index, value) => {
      const payload = JSON.parse(text) as Record<string, unknown>
      const paths = pathsOf(payload)
      replace(payload, paths[index % paths.length]!, value)
      const verdict = verdictOn(JSON.stringify(payload), place)
      expect(verdict).toMatch(/^(ok|payload-|json-)/)
    }),
    { numRuns: 10_000 },
  )
})

test('[P3] [T3] cut at each length, with each bit flipped, or random: a verdict and no exception', () => {
  const { text } = vectors.payloads.find(({ name }) => name === 'a full note')!
  for (let length = 0; length < text.length; length++) expect(verdictOn(text.slice(0, length))).not.toBe('ok')
  const bytes = utf8(text)
  for (let index = 0; index < bytes.length; index++) {
    for (let bit = 0; bit < 8; bit += 3) {
      const mutant = bytes.slice()
      mutant[index]! ^= 1 << bit
      const decoded = decodeDetached(mutant)
      if (decoded.ok) expect(verdictOn(decoded.value, { detached: true })).toMatch(/^(ok|payload-|json-)/)
    }
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (block) => void decodeDetached(block)))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (input) => {
      classifyPayload(input)
      readPayload(input)
      readPayload(`{${input}`, { detached: true })
    }),
  )
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('[P4] bounds are bytes of UTF-8, counted as they are encoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(utf8(text).length)
    }),
  )
  for (const character of ['a', 'é', 'あ', '😀']) {
    const most = Math.floor(maxTextBytes / utf8(character).length)
    expect(verdictOn(JSON.stringify(note({ text: character.repeat(most) })))).toBe('ok')
    expect(verdictOn(JSON.stringify(note({ text: character.repeat(most + 1) })))).toBe('payload-schema')
  }
})

test('[P1] a text above 256 KiB is refused before it is parsed', () => {
  const frame = JSON.stringify({ type: 'void', at: 1, x: '' }).length
  const text = (length: number, unit = 'a') => JSON.stringify({ type: 'void', at: 1, x: unit.repeat(length) })
  expect(verdictOn(text(maxDetachedBytes - frame))).toBe('ok')
  expect(verdictOn(text(maxDetachedBytes - frame + 1))).toBe('payload-size')
  expect(verdictOn(text(maxDetachedBytes / 2, 'é'))).toBe('payload-size')
})

test('[P2] what may be detached, must be encrypted, may be erased', () => {
  const types = [...knownTypes, 'x-app', 'poll']
  expect(types.filter((type) => mayDetach(type, false)).sort()).toEqual(
    ['collection', 'comment', 'image', 'media', 'private_note', 'public_note', 'x-app'].sort(),
  )
  expect(types.filter((type) => mayDetach(type, true) && !mayDetach(type, false))).toEqual(['device_state'])
  expect(types.filter(mustEncrypt).sort()).toEqual(
    ['device_state', 'missed_call', 'mute', 'private_note', 'read_key', 'recovery_share'].sort(),
  )
  expect(types.filter((type) => !mayErase(type)).sort()).toEqual(
    ['block', 'erase', 'follow', 'group', 'mute', 'read_key', 'synod'].sort(),
  )
})

test('[P3] a fault says which field, and nothing that the author wrote', () => {
  const read = readPayload(
    JSON.stringify(note({ mentions: [{ identity: 'secret words', root: null, name: 'x' }] })),
  )
  expect(read).toEqual({ ok: false, error: { code: 'payload-schema', detail: 'mentions.0.identity' } })
  const odd = readPayload(JSON.stringify({ type: 'SECRET', at: 1 }))
  expect(odd).toEqual({ ok: false, error: { code: 'payload-schema', detail: 'type' } })
})

describe('an app registers types of its own', () => {
  const move = z.looseObject({ type: z.literal('x-chess.move'), at: z.number(), move: z.string() })
  const registry = createPayloadRegistry({ 'x-chess.move': move })

  test('[P3] its schema is asked on top of the common fields', () => {
    expect(registry.read('{"type":"x-chess.move","at":1,"move":"e4"}').ok).toBe(true)
    expect(registry.read('{"type":"x-chess.move","at":1}')).toMatchObject({ error: { detail: 'move' } })
    expect(registry.read('{"type":"x-chess.move","at":1,"move":"e4","was":1}').ok).toBe(false)
    expect(registry.read('{"type":"x-other","at":1}').ok).toBe(true)
    expect(registry.read('{"type":"public_note","at":1,"text":""}').ok).toBe(true)
  })

  test('[P3] a name without x- is a bug', () => {
    expect(() => createPayloadRegistry({ ['follow' as 'x-follow']: move })).toThrow(TypeError)
    expect(() => createPayloadRegistry({ 'x-': move })).toThrow(TypeError)
  })
})

test('writing refuses what reading would refuse', () => {
  const bad = [
    note({ text: 5 }),
    note({ at: 1.5 }),
    note({ text: '\ud800' }),
    note({ 7: 1 }),
    { type: 'mute', at: 1 },
  ]
  for (const payload of bad) expect(writePayload(payload as unknown as Payload).ok).toBe(false)
  const salt = encodeBase64url(new Uint8Array(16))
  expect(writePayload(note({ salt }) as unknown as Payload, { detached: true }).ok).toBe(true)
})

/** The path of every value inside `value`, containers included, `value` itself left out. */
function pathsOf(value: unknown): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner).map((path) => [key, ...path]),
  ])
}

function replace(whole: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const last = path.at(-1)!
  const holder = path.slice(0, -1).reduce((inner, key) => inner[key] as Record<string, unknown>, whole)
  holder[last] = value
}
