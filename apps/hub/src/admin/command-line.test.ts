import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAdminLine, usageOf } from './command-line.ts'
import { operations } from './operations.ts'

const identity = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const content = 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4'

const parse = (...words: readonly string[]) => parseAdminLine(words, operations)

test.for([
  [['people'], 'people list', {}, {}],
  [['overview'], 'overview show', {}, {}],
  [['link'], 'links create', {}, {}],
  [['block', 'add', identity], null, {}, {}],
  [
    ['blocks', 'add', identity, '--reason', 'too loud'],
    'blocks add',
    { who: identity, reason: 'too loud' },
    {},
  ],
  [['blocks', 'add', '--who', identity], 'blocks add', { who: identity }, {}],
  [
    ['quotas', 'set', identity, '--blob-bytes=2 MiB'],
    'quotas set',
    { who: identity, blobBytes: '2 MiB' },
    {},
  ],
  [['people', 'list', '--limit', '5', '--json'], 'people list', { limit: 5 }, { isJson: true }],
  [['takedowns', 'add', content, '--yes'], 'takedowns add', { content }, { isSure: true }],
  [['drops', 'clear', 'everybody'], 'drops clear', { to: null }, {}],
  [
    ['people', '--at', 'https://hub.example', '--key-file', 'k'],
    'people list',
    {},
    { at: 'https://hub.example', keyFile: 'k' },
  ],
  [
    ['people', '--link', 'https://hub.example/admin/#x'],
    'people list',
    {},
    { link: 'https://hub.example/admin/#x' },
  ],
] as const)('%j', ([words, name, input, more]) => {
  const line = parse(...words)
  if (name === null) return expect(line).toMatchObject({ ok: false, error: { code: 'usage' } })
  expect(line).toMatchObject({ ok: true, value: { operation: { name }, input, ...more } })
})

test('settings find the home', () => {
  const line = parse('people', '--home', '/srv/hub')
  expect(line.ok && line.value.flags).toEqual(new Map([['home', '/srv/hub']]))
})

test.for([
  [['bloks', 'list'], 'Did you mean "blocks list"?'],
  [['zebra'], '`hub admin help` lists'],
  [['\u001b[2Jx'], '?[2Jx'],
  [['blocks', 'add'], 'who is missing'],
  [['blocks', 'add', 'nobody'], 'who must be an identity'],
  [['blocks', 'add', identity, 'more'], 'words too many'],
  [['people', '--port', '80'], '--port is not a flag of people list'],
  [['people', '-j'], '-j is not a flag'],
  [['people', '--json', '--json'], 'given twice'],
  [['people', '--json=1'], '--json takes no value'],
  [['people', '--limit'], '--limit needs a value'],
  [['people', '--limit', 'x'], 'limit must be a whole number'],
] as const)('%j is refused with %s', ([words, message]) => {
  expect(parse(...words)).toMatchObject({
    ok: false,
    error: { code: 'usage', message: expect.stringContaining(message) },
  })
})

test.for([[[]], [['help']], [['--help']], [['people', '--help']]])('%j asks for help', ([words]) => {
  expect(parse(...(words as string[]))).toMatchObject({ ok: false, error: { code: 'help' } })
})

test('what cannot be undone says so in its usage', () => {
  for (const operation of operations) expect(usageOf(operation).endsWith('--yes')).toBe(operation.destroys)
})

test('never throws', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('people', 'list', 'blocks', 'add', '--json', '--limit', identity),
  )
  fc.assert(fc.property(fc.array(word), (words) => void parse(...words)))
})
