import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseUtf8 } from './bytes.ts'
import { type Json, maxJsonDepth, parseStrictJson, writeStrictJson } from './strict-json.ts'

interface Vectors {
  readonly texts: readonly {
    readonly rule: string
    readonly name: string
    readonly text: string
    readonly verdict: string
  }[]
  readonly bytes: readonly { readonly rule: string; readonly name: string; readonly hex: string }[]
  readonly jsontestsuite: Readonly<Record<string, string>>
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/json.json', import.meta.url), 'utf8'),
) as Vectors

/** `utf-8` when the bytes are no text, else ok or the code. */
function verdictOn(bytes: Uint8Array): string {
  const text = parseUtf8(bytes)
  return text === null ? 'utf-8' : verdictOnText(text)
}

function verdictOnText(text: string): string {
  const read = parseStrictJson(text)
  return read.ok ? 'ok' : read.error.code
}

test.for(vectors.texts)('[$rule] $name: $verdict', ({ text, verdict }) => {
  expect(verdictOnText(text)).toBe(verdict)
  expect(readSlowly(text) !== null).toBe(verdict === 'ok')
})

test.for(vectors.bytes)('[$rule] $name is no text', ({ hex }) => {
  expect(verdictOn(new Uint8Array(Buffer.from(hex, 'hex')))).toBe('utf-8')
})

const suite = new URL('../../../../shared/vectors/jsontestsuite/test_parsing/', import.meta.url)

describe.skipIf(!existsSync(suite))('JSONTestSuite (skipped where ../shared/vectors is not there)', () => {
  const files = existsSync(suite) ? readdirSync(suite).filter((file) => file.endsWith('.json')) : []

  test.for(files)('[J1] %s has its one verdict', (file) => {
    const bytes = new Uint8Array(readFileSync(new URL(encodeURIComponent(file), suite)))
    const verdict = verdictOn(bytes)
    if (file.startsWith('n_')) {
      expect(verdict).not.toBe('ok')
      return
    }
    expect(verdict).toBe(vectors.jsontestsuite[file.replace(/\.json$/, '')])
    if (!file.startsWith('y_')) return
    // What is JSON is read as JSON.parse reads it, or refused for its spelling, its numbers or its keys.
    const text = parseUtf8(bytes)!
    const read = parseStrictJson(text)
    if (read.ok) expect(read.value).toEqual(JSON.parse(text))
    else expect(['json-canonical', 'json-number', 'json-key']).toContain(verdict)
  })

  test('[J1] the table names every y_ and i_ file and no other', () => {
    const names = files.filter((file) => !file.startsWith('n_')).map((file) => file.replace(/\.json$/, ''))
    expect(Object.keys(vectors.jsontestsuite).sort()).toEqual(names.sort())
  })
})

/** Values the strict reader takes: safe whole numbers, well-formed texts, keys with a stable place. */
const strictValue = fc.letrec<{ value: Json; key: string }>((tie) => ({
  key: fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('type', 'constructor', 'toJSON', '01', '-1', ''),
    )
    .filter((key) => key !== '__proto__' && !/^(0|[1-9][0-9]*)$/.test(key)),
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(tie('key'), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

test('[J1] reading inverts writing', () => {
  fc.assert(
    fc.property(strictValue, (value) => {
      const text = writeStrictJson(value)
      const read = parseStrictJson(text)
      expect(read).toEqual({ ok: true, value })
      expect(readSlowly(text)).toEqual({ value })
    }),
    { numRuns: 2000 },
  )
})

test('[J1] cut short or with a character too many, a text is no other one', () => {
  fc.assert(
    fc.property(
      strictValue.filter((value) => typeof value === 'object' && value !== null),
      (value) => {
        const text = writeStrictJson(value)
        for (let length = 0; length < text.length; length++) {
          expect(parseStrictJson(text.slice(0, length)).ok).toBe(false)
        }
        for (const more of [' ', '\n', ',', '}', '\u0000', '\ufeff']) {
          expect(parseStrictJson(text + more).ok).toBe(false)
          expect(parseStrictJson(more + text).ok).toBe(false)
        }
      },
    ),
  )
})

test('[J2] [J3] [J4] [J5] the writer throws on what the reader would refuse', () => {
  const deep = (depth: number): Json => (depth === 0 ? [] : [deep(depth - 1)])
  expect(() => writeStrictJson(deep(maxJsonDepth - 1))).not.toThrow()
  for (const value of [1.5, -0, Number.NaN, 2 ** 53, '\ud800', { 7: 1 }, deep(maxJsonDepth)] as Json[]) {
    expect(() => writeStrictJson(value)).toThrow(TypeError)
  }
  expect(() => writeStrictJson(JSON.parse('{"__proto__":1}') as Json)).toThrow(TypeError)
  expect(() => writeStrictJson(undefined as unknown as Json)).toThrow(TypeError)
})

test('[T3] the same verdict as a slow second reader over 100,000 generated texts', () => {
  const before = Object.getOwnPropertyNames(Object.prototype).sort()
  let accepted = 0
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (seed) => {
      const random = generator(seed)
      for (let round = 0; round < 500; round++) {
        const text = generatedText(random)
        const fast = parseStrictJson(text)
        const slow = readSlowly(text)
        if (fast.ok !== (slow !== null)) throw new Error(`verdicts differ on ${JSON.stringify(text)}`)
        if (fast.ok && slow !== null) {
          accepted += 1
          if (!same(fast.value, slow.value)) throw new Error(`values differ on ${JSON.stringify(text)}`)
        }
      }
    }),
    { numRuns: 200, endOnFailure: true },
  )
  // The comparison is worth something only when both verdicts occur often.
  expect(accepted).toBeGreaterThan(10_000)
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test.for(['[', '{"a":', '[{"a":', '[[],'])('[T3] a nest of 64 KiB of %s is refused', (opening) => {
  const nest = opening.repeat(65_536 / opening.length)
  expect(parseStrictJson(nest).ok).toBe(false)
  const closing = [...opening]
    .reverse()
    .join('')
    .replace(/[^[{]/g, '')
    .replace(/\[/g, ']')
    .replace(/\{/g, '}')
  expect(parseStrictJson(`${nest}1${closing.repeat(65_536 / opening.length)}`).ok).toBe(false)
})

test('[T3] whatever the bytes, a verdict and no exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void verdictOn(bytes)),
    { numRuns: 5000 },
  )
})

/** mulberry32: small, seeded, good enough to choose pieces. Returns whole numbers below `bound`. */
function generator(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

const scalars = [
  ...['0', '-0', '1', '-1', '42', '1.5', '1e3', '1E2', '01', '-', '9007199254740991', '9007199254740992'],
  ...['-9007199254740991', '-9007199254740993', '1e999', '0.0', 'true', 'false', 'null', 'nul', '""', '"a"'],
  ...[
    '"\\n"',
    '"\\u000a"',
    '"\\u001f"',
    '"\\u001F"',
    '"\\/"',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\u{1f600}"',
  ],
  ...[
    '"\ud83d"',
    '"\u2028"',
    '"\u007f"',
    '"\n"',
    '"\\x"',
    "'a'",
    'NaN',
    'undefined',
    '"\\"',
    '"\\\\"',
    '"\u0000"',
  ],
]
const keys = [
  ...[
    '"a"',
    '"b"',
    '"type"',
    '"__proto__"',
    '"\\u005f_proto__"',
    '"0"',
    '"7"',
    '"07"',
    '"-1"',
    '""',
    '"\\u0061"',
  ],
  ...['"constructor"', '"4294967295"', '"99999999999999999999"', 'a', '"toString"', '"\ud800"', '"\\udc00"'],
]
const noise = [...'[]{}:,"\\ \n\t01-+.eEu/\u0000\ufeff\ud800\u00e9_']

/** A text near the grammar: mostly well-built, sometimes with a piece out of place. */
function generatedText(random: (bound: number) => number): string {
  const piece = (list: readonly string[], plain: number): string =>
    list[random(3) === 0 ? random(list.length) : random(plain)] ?? ''
  const build = (depth: number): string => {
    const kind = random(depth > 0 ? 4 : 1)
    if (kind < 2) return random(3) > 0 ? (['1', '"a"', 'null', 'true'][random(4)] ?? '') : piece(scalars, 1)
    const items = Array.from({ length: random(4) }, (_, index) =>
      kind === 2
        ? build(depth - 1)
        : `${random(4) === 0 ? piece(keys, 3) : `"k${index}"`}:${build(depth - 1)}`,
    )
    return kind === 2 ? `[${items.join(',')}]` : `{${items.join(',')}}`
  }
  let text = build(1 + random(4))
  if (random(16) === 0) text = '['.repeat(random(20)) + text + ']'.repeat(random(20))
  for (let edits = random(8) < 5 ? 0 : 1 + random(2); edits > 0; edits--) {
    const at = random(text.length + 1)
    text = text.slice(0, at) + piece(noise, noise.length) + text.slice(at + random(2))
  }
  return text
}

function same(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const inA = Object.entries(a)
  const inB = Object.entries(b)
  return (
    Array.isArray(a) === Array.isArray(b) &&
    inA.length === inB.length &&
    inA.every(([key, value], index) => key === inB[index]![0] && same(value as Json, inB[index]![1] as Json))
  )
}

/**
 * The second reader: rules J1 to J5 as a recursive descent over code points that
 * knows only the canonical spelling. It shares no code with the first one.
 */
function readSlowly(text: string): { readonly value: Json } | null {
  const characters = Array.from(text)
  let at = 0

  class Refused extends Error {}
  const next = () => characters[at]
  const take = (expected: string) => {
    for (const character of expected) if (characters[at++] !== character) throw new Refused()
  }

  function value(depthLeft: number): Json {
    const first = next()
    if (first === undefined) throw new Refused()
    if (first === '"') return string()
    if (first === '[' || first === '{') {
      if (depthLeft === 0) throw new Refused()
      return first === '[' ? list(depthLeft - 1) : object(depthLeft - 1)
    }
    for (const [word, meaning] of [
      ['null', null],
      ['true', true],
      ['false', false],
    ] as const) {
      if (first === word[0]) {
        take(word)
        return meaning
      }
    }
    return number()
  }

  function number(): number {
    let digits = ''
    if (next() === '-') {
      digits = '-'
      at += 1
    }
    while (next() !== undefined && '0123456789'.includes(next()!)) digits += characters[at++]
    if (!/^(0|-?[1-9][0-9]*)$/.test(digits) || digits.length > 17) throw new Refused()
    const exact = BigInt(digits)
    if (exact > 9007199254740991n || exact < -9007199254740991n) throw new Refused()
    return Number(exact)
  }

  function string(): string {
    take('"')
    let content = ''
    for (;;) {
      const character = characters[at++]
      if (character === undefined) throw new Refused()
      if (character === '"') return content
      const code = character.codePointAt(0)!
      if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) throw new Refused()
      content += character === '\\' ? escaped() : character
    }
  }

  function escaped(): string {
    const kind = characters[at++]
    const short = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' }[kind ?? '']
    if (short !== undefined) return short
    const four = characters.slice(at, at + 4).join('')
    at += 4
    // Only the control characters that have no short escape are spelled with \u.
    if (kind !== 'u' || !/^00[01][0-9a-f]$/.test(four)) throw new Refused()
    const code = Number.parseInt(four, 16)
    if ([8, 9, 10, 12, 13].includes(code)) throw new Refused()
    return String.fromCharCode(code)
  }

  function list(depthLeft: number): Json {
    take('[')
    const items: Json[] = []
    if (next() === ']') {
      at += 1
      return items
    }
    for (;;) {
      items.push(value(depthLeft))
      if (next() === ']') break
      take(',')
    }
    at += 1
    return items
  }

  function object(depthLeft: number): Json {
    take('{')
    const entries = new Map<string, Json>()
    if (next() === '}') {
      at += 1
      return {}
    }
    for (;;) {
      const key = string()
      const stable = key !== '__proto__' && !(key === '0' || (/^[0-9]+$/.test(key) && key[0] !== '0'))
      if (!stable || entries.has(key)) throw new Refused()
      take(':')
      entries.set(key, value(depthLeft))
      if (next() === '}') break
      take(',')
    }
    at += 1
    return Object.fromEntries(entries)
  }

  try {
    const whole = value(16)
    return at === characters.length ? { value: whole } : null
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}
