import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'
import { flagOf, optionKeys, options } from './options.ts'
import { suggest } from './suggest.ts'

test.for([
  [[], { type: 'serve' }, {}],
  [['serve', '--port', '80'], { type: 'serve' }, { port: '80' }],
  [['--port=80', '--name=A = B'], { type: 'serve' }, { port: '80', name: 'A = B' }],
  [['--trust-proxy', '--port', '1'], { type: 'serve' }, { 'trust-proxy': 'true', port: '1' }],
  [['--trust-proxy', 'false'], { type: 'serve' }, { 'trust-proxy': 'false' }],
  [['config', 'check', '--config', 'a.json'], { type: 'config-check' }, { config: 'a.json' }],
  [['config', 'show'], { type: 'config-show', origin: false }, {}],
  [['turn', 'config', 'a.conf'], { type: 'turn-config', path: 'a.conf' }, {}],
  [['turn', 'check', '--port', '1'], { type: 'turn-check', path: null }, { port: '1' }],
  [['config', 'show', '--origin'], { type: 'config-show', origin: true }, {}],
  [
    ['backup', 'a.tar', '--with-keys', '--home', 'h'],
    { type: 'backup', path: 'a.tar', withKeys: true, passphraseFile: null },
    { home: 'h' },
  ],
  [
    ['backup', 'a.age', '--backup-passphrase-file=p'],
    { type: 'backup', path: 'a.age', withKeys: false, passphraseFile: 'p' },
    {},
  ],
  [['restore', 'a.tar'], { type: 'restore', path: 'a.tar', passphraseFile: null }, {}],
  [['verify'], { type: 'verify', path: null, passphraseFile: null }, {}],
  [['verify', 'a.tar'], { type: 'verify', path: 'a.tar', passphraseFile: null }, {}],
  // Of no other command: the settings refuse it.
  [
    ['restore', 'a.tar', '--with-keys'],
    { type: 'restore', path: 'a.tar', passphraseFile: null },
    { 'with-keys': 'true' },
  ],
  [['--nonsense', '1', '--help'], { type: 'help' }, { nonsense: '1' }],
  [['--version'], { type: 'version' }, {}],
] as const)('%j', ([words, command, flags]) => {
  const parsed = parseCommandLine(words)
  expect(parsed).toEqual({ ok: true, value: { command, flags: new Map(Object.entries(flags)) } })
})

test.for([
  [['confg', 'show'], 'command', 'Did you mean "config show"?'],
  [['dance'], 'command', 'Commands: serve, config check, config show'],
  [['dance'], 'command', 'verify, admin, invite.'],
  [['invit'], 'command', 'Did you mean "invite"?'],
  [['--home', 'h', 'admin', 'overview'], 'command', 'hub admin overview --home'],
  [['backup'], 'command', 'is not a command'],
  [['restore', 'a', 'b'], 'command', 'is not a command'],
  [['--port'], 'flag', '--port needs a value'],
  [['--port', '--host', 'x'], 'flag', '--port needs a value'],
  [['--port', '1', '--port', '2'], 'flag', '--port is given twice'],
  [['-p', '1'], 'flag', '-p is not a flag'],
  [['--origin'], 'flag', '--origin belongs to `config show`'],
] as const)('%j is refused', ([words, code, message]) => {
  const parsed = parseCommandLine(words)
  expect(parsed).toMatchObject({ ok: false, error: { code, message: expect.stringContaining(message) } })
})

test('whatever is true or false may stand alone, and only that', () => {
  for (const key of optionKeys) {
    const isSwitch = options[key].kind.allowed === 'true or false'
    const parsed = parseCommandLine([`--${flagOf(key)}`, '--version'])
    expect(parsed.ok, key).toBe(isSwitch)
    if (isSwitch) expect(parsed).toMatchObject({ value: { flags: new Map([[flagOf(key), 'true']]) } })
  }
})

test('never throws', () => {
  fc.assert(fc.property(fc.array(fc.string()), (words) => void parseCommandLine(words)))
})

test.for([
  ['prot', 'port'],
  ['publicURL', 'publicUrl'],
  ['hots', 'host'],
  ['x', null],
  ['completely-else', null],
  ['p'.repeat(65), null],
] as const)('%s is near to %s', ([name, near]) => {
  expect(suggest(name, ['port', 'host', 'publicUrl', 'maxMembers'])).toBe(near)
})
