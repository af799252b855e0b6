/**
 * JSON and near-JSON made to hurt a reader: bombs, doubles, numbers, surrogates, prototypes, bad UTF-8.
 *
 * Nearly all must be refused by the strict reader (spec J); none may crash it, slow it
 * down or touch `Object.prototype`.
 *
 * @module
 */
import type { Random } from './seed.ts'

export interface HostileText {
  /** What it is, for messages. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** One pass: about a hundred inputs, sizes and places by chance; call again for others. */
export function* hostileJson(random: Random): Generator<HostileText> {
  for (const [name, text] of texts(random)) yield { name, bytes: new TextEncoder().encode(text) }
  for (const [name, bad] of badUtf8) {
    yield { name: `${name} in a string`, bytes: around('{"a":"', bad, '"}') }
    yield { name: `${name} in a key`, bytes: around('{"', bad, '":1}') }
    yield { name: `${name} after the value`, bytes: around('{}', bad, '') }
  }
}

function* texts(random: Random): Generator<readonly [string, string]> {
  for (const depth of [16, 17, 18, 1000, 5000 + random.integer(5000), 100_000]) {
    yield [`${depth} arrays`, '['.repeat(depth) + ']'.repeat(depth)]
    yield [`${depth} arrays, never closed`, '['.repeat(depth)]
    yield [`${depth} objects`, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`]
    yield [`${depth} objects and arrays in turn`, `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`]
  }

  const key = random.pick(['a', 'v', 'identity', 'payload', 'é'])
  yield ['duplicate key', `{"${key}":1,"${key}":2}`]
  yield ['duplicate key with equal values', `{"${key}":1,"${key}":1}`]
  yield ['duplicate key, once escaped', '{"a":1,"\\u0061":2}']
  yield ['duplicate key deep inside', `{"a":[{"b":{"${key}":1,"${key}":2}}]}`]
  const many = random.integer(1000) + 1000
  yield [
    'many keys, first one again',
    `{${Array.from({ length: many }, (_, n) => `"k${n % (many - 1)}":0`)}}`,
  ]

  for (const number of numbers(random)) {
    yield [`number ${number.slice(0, 30)}`, `{"a":${number}}`]
    yield [`number ${number.slice(0, 30)} alone`, number]
  }

  for (const name of [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'toJSON',
    'then',
  ]) {
    yield [`key ${name}`, `{"${name}":{"polluted":true}}`]
  }
  yield ['__proto__ escaped', '{"\\u005f_proto__":{"polluted":true}}']
  yield ['__proto__ deep inside', '[[{"a":{"__proto__":{"polluted":true}}}]]']
  yield ['constructor.prototype', '{"constructor":{"prototype":{"polluted":true}}}']

  for (const name of [
    '0',
    '1',
    '00',
    '-1',
    '4294967294',
    '4294967295',
    '9007199254740993',
    String(random.integer(1e6)),
  ]) {
    yield [`integer-like key ${name}`, `{"b":0,"${name}":1,"a":2}`]
  }

  for (const sequence of [
    '\\ud800',
    '\\udc00',
    '\\udc00\\ud800',
    '\\ud800x',
    '\\ud800\\ud800',
    '\\uD83D',
    'ok\\udfff',
  ]) {
    yield [`lone surrogate ${sequence}`, `{"a":"${sequence}"}`]
    yield [`lone surrogate ${sequence} as key`, `{"${sequence}":1}`]
  }
  for (const sequence of [
    '\\x41',
    '\\u12',
    '\\u{41}',
    '\\',
    '\\U0041',
    '\\/',
    '\\u0041',
    '\\u002F',
    '\\a',
    '\\0',
  ]) {
    yield [`escape ${sequence}`, `{"a":"${sequence}"}`]
  }
  for (const [name, raw] of [
    ['NUL', '\0'],
    ['newline', '\n'],
    ['tab', '\t'],
    ['U+2028', '\u2028'],
    ['U+FEFF', '\ufeff'],
    ['DEL', '\x7f'],
  ] as const) {
    yield [`raw ${name} in a string`, `{"a":"${raw}"}`]
    yield [`${name} before`, `${raw}{"a":1}`]
    yield [`${name} after`, `{"a":1}${raw}`]
    yield [`${name} between`, `{"a":${raw}1}`]
  }

  yield* [
    ['nothing', ''],
    ['white space only', '   '],
    ['two values', '{}{}'],
    ['trailing comma in an object', '{"a":1,}'],
    ['trailing comma in an array', '[1,]'],
    ['leading comma', '[,1]'],
    ['comment', '{"a":1/*x*/}'],
    ['line comment', '{"a":1}//x'],
    ['single quotes', "{'a':1}"],
    ['bare key', '{a:1}'],
    ['bare word', '{"a":undefined}'],
    ['capital literal', '{"a":True}'],
    ['half a literal', '{"a":tru'],
    ['no colon', '{"a" 1}'],
    ['unclosed string', '{"a":"'],
    ['closed by the wrong bracket', '{"a":[1}'],
    ['long string', `{"a":"${'x'.repeat(200_000 + random.integer(1000))}"}`],
    ['long run of escapes', `{"a":"${'\\u0041'.repeat(20_000)}"}`],
    ['long run of backslashes', `{"a":"${'\\'.repeat(50_001)}`],
    ['long white space', `${' '.repeat(100_000)}{}`],
    ['many commas', `[${','.repeat(100_000)}]`],
    ['many empty strings', `[${'"",'.repeat(30_000)}""]`],
  ] as const
}

function numbers(random: Random): readonly string[] {
  return [
    ...[
      '1e999',
      '-1e999',
      '1e-999',
      '1E5',
      '1e5',
      '1.0',
      '0.5',
      '-0',
      '-0.0',
      '00',
      '01',
      '+1',
      '.5',
      '5.',
      '--1',
      '-',
    ],
    ...['NaN', 'Infinity', '-Infinity', '0x10', '0b1', '1_000', '1n', '٣', '1e', '1e+', '1.e1'],
    ...[
      '9007199254740991',
      '9007199254740992',
      '-9007199254740992',
      '9007199254740993',
      '18446744073709551616',
    ],
    String(random.integer(9) + 1).repeat(400),
    `0.${'0'.repeat(400)}${random.integer(9) + 1}`,
    `1e${'9'.repeat(1000)}`,
    '1'.repeat(100_000),
  ]
}

const badUtf8: readonly (readonly [string, readonly number[]])[] = [
  ['stray continuation', [0x80]],
  ['overlong slash', [0xc0, 0xaf]],
  ['overlong NUL', [0xc0, 0x80]],
  ['overlong in three bytes', [0xe0, 0x80, 0xaf]],
  ['encoded surrogate', [0xed, 0xa0, 0x80]],
  ['encoded surrogate pair', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['cut off', [0xe2, 0x82]],
  ['0xff', [0xff]],
  ['byte order mark', [0xef, 0xbb, 0xbf]],
]

function around(before: string, middle: readonly number[], after: string): Uint8Array {
  const encoder = new TextEncoder()
  return Uint8Array.from([...encoder.encode(before), ...middle, ...encoder.encode(after)])
}
