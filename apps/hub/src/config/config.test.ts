import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ConfigSources, locate, maxFileLength, readConfig } from './config.ts'
import { flagOf, optionKeys, options, variableOf } from './options.ts'

const identity = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'

function sources(partial: {
  readonly flags?: Readonly<Record<string, string>>
  readonly environment?: ConfigSources['environment']
  readonly file?: string
  readonly named?: boolean
}): ConfigSources {
  const { flags = {}, environment = {}, file, named = true } = partial
  return {
    flags: new Map(Object.entries(flags)),
    environment,
    file: file === undefined ? null : { path: 'hub.json', text: file, named },
    defaultHome: '/home/ada/.effigy/hub',
  }
}

function load(partial: Parameters<typeof sources>[0]) {
  const read = readConfig(sources(partial))
  if (!read.ok) throw new Error(read.error.map(({ message }) => message).join(' '))
  return read.value
}

function problems(partial: Parameters<typeof sources>[0]) {
  const read = readConfig(sources(partial))
  return read.ok ? [] : read.error
}

describe('precedence', () => {
  const file = '{"port": 1001}'
  const environment = { EFFIGY_PORT: '1002' }
  const flags = { port: '1003' }

  test.for([
    [{}, 7337, 'default'],
    [{ file }, 1001, 'hub.json'],
    [{ file, environment }, 1002, 'EFFIGY_PORT'],
    [{ file, environment, flags }, 1003, '--port'],
    [{ file, flags }, 1003, '--port'],
  ] as const)('%j', ([given, port, origin]) => {
    const { config, origins } = load(given)
    expect(config.port).toBe(port)
    expect(origins.port).toBe(origin)
  })

  test('every setting has a flag and a variable of its own, and a default that it allows', () => {
    expect(new Set(optionKeys.map(flagOf)).size).toBe(optionKeys.length)
    expect(new Set(optionKeys.map(variableOf)).size).toBe(optionKeys.length)
    for (const key of optionKeys.filter((known) => known !== 'home')) {
      const { kind, fallback } = options[key]
      expect(kind.accept(fallback), key).not.toBeNull()
    }
  })

  test('a wrong value is refused even where a stronger one would win', () => {
    expect(problems({ file: '{"port": "no"}', flags })).toMatchObject([{ code: 'wrong-kind' }])
  })
})

describe('unknown names are refused with the nearest known one', () => {
  test.for([
    [{ flags: { prot: '1' } }, '--prot is not a setting of the hub. Did you mean --port?'],
    [
      { environment: { EFFIGY_PROT: '1' } },
      'EFFIGY_PROT is not a setting of the hub. Did you mean EFFIGY_PORT?',
    ],
    [
      { file: '{"maxMember": 3}' },
      'hub.json: "maxMember" is not a setting of the hub. Did you mean "maxMembers"?',
    ],
    [{ flags: { zebra: '1' } }, '--zebra is not a setting of the hub; --help lists them.'],
    [
      { environment: { EFFIGY_HUB_ZEBRA: '1' } },
      'EFFIGY_HUB_ZEBRA is not a setting of the hub; --help lists them.',
    ],
    [{ file: '{"__proto__": 1}' }, 'hub.json: "__proto__" is not a setting of the hub; --help lists them.'],
  ] as const)('%j', ([given, message]) => {
    expect(problems(given)).toMatchObject([{ code: 'unknown', message }])
  })

  test('variables of other programs are left alone', () => {
    expect(problems({ environment: { EFFIGY_CHROMIUM: '/usr/bin/chromium', PORT: '80' } })).toEqual([])
  })

  test('all problems are told at once', () => {
    expect(problems({ file: '{"a": 1, "port": -1}', flags: { b: '2' } })).toHaveLength(3)
  })
})

describe('wrong kinds are refused with what is allowed', () => {
  test.for([
    ['port', '"80"', 'a whole number from 0 to 65535'],
    ['port', '65536', 'a whole number from 0 to 65535'],
    ['port', '1.5', 'a whole number from 0 to 65535'],
    ['port', 'null', 'a whole number from 0 to 65535'],
    ['trustProxy', '"true"', 'true or false'],
    ['logLevel', '"loud"', 'one of info, warn, off'],
    ['name', '""', 'a text of 1 to 64 characters in one line'],
    ['name', '"a\\u202eb"', 'a text of 1 to 64 characters in one line'],
    ['members', '"nobody"', '"anyone", or a list of identities'],
    ['members', '["did:key:zNo"]', '"anyone", or a list of identities'],
    ['publicUrl', '"hub.example"', 'null or an address like "https://hub.example"'],
    ['publicUrl', '"https://hub.example/path"', 'null or an address like "https://hub.example"'],
    ['publicUrl', '"https://me@hub.example"', 'null or an address like "https://hub.example"'],
    ['publicUrl', '"ftp://hub.example"', 'null or an address like "https://hub.example"'],
    ['blobBytes', '"10 apples"', 'a number of bytes, or a text like "500 MB"'],
    ['blobBytes', '"99999999999 TiB"', 'a number of bytes, or a text like "500 MB"'],
    ['leaseDays', '91', 'a whole number from 1 to 90'],
    ['dropDays', '"64 KiB: 15"', 'sizes and whole days like "4 KiB: 14; 64 KiB: 7"'],
    ['dropDays', '"4 KiB: 7; 64 KiB: 8"', 'sizes and whole days'],
    ['dropDays', '"64 KiB: 7; 4 KiB: 7"', 'sizes and whole days'],
    ['dropDays', '"4 KiB: 14"', 'sizes and whole days'],
    ['dropDays', '"64 KiB: 0"', 'sizes and whole days'],
    ['dropDays', '[{"bytes": 65536}]', 'sizes and whole days'],
    ['networkKey', '"short"', 'null or 32 bytes in base64url'],
    ['tls', '"on"', 'one of off, files, acme'],
    ['httpPort', '"80"', 'none, or a whole number from 0 to 65535'],
    ['maxMemory', '1000', 'none, or a number of bytes'],
    ['acmeEmail', '"nobody"', 'null or an address like "ada@hub.example"'],
    ['acmeDirectory', '"http://authority.example/"', 'an address like "https://authority.example/directory"'],
    ['metrics', 'true', 'one of loopback, all, off'],
  ])('%s = %s', ([key, json, allowed]) => {
    const [problem, ...more] = problems({ file: `{"${key}": ${json}}` })
    expect(more).toEqual([])
    expect(problem).toMatchObject({ code: 'wrong-kind' })
    expect(problem?.message).toContain(`hub.json: ${key} must be ${allowed}`)
  })

  test.for([
    [{ file: '{"port": 65535}' }, { port: 65_535 }],
    [{ flags: { port: '0' } }, { port: 0 }],
    [{ flags: { 'blob-bytes': '2 GiB' } }, { blobBytes: 2 * 2 ** 30 }],
    [{ file: '{"maxBlobBytes": 0}' }, { maxBlobBytes: 0 }],
    [{ environment: { EFFIGY_MEMBERS: 'anyone' } }, { members: 'anyone' }],
    [{ environment: { EFFIGY_MEMBERS: `${identity}, ${identity}` } }, { members: [identity] }],
    [{ file: '{"members": []}' }, { members: [] }],
    [{ file: '{"publicUrl": "https://Hub.example:443/"}' }, { publicUrl: 'https://hub.example' }],
    [{ flags: { 'trust-proxy': 'true' } }, { trustProxy: true }],
    [{ flags: { 'drop-box': 'false' } }, { dropBox: false, leases: true }],
    [
      { file: '{"leaseBytesPerMember": "2 GiB", "leaseDays": 30}' },
      { leaseBytesPerMember: 2 ** 31, leaseDays: 30 },
    ],
    [
      { environment: { EFFIGY_DROP_DAYS: '1 KiB: 14; 64 KiB: 1' } },
      {
        dropDays: [
          { bytes: 1024, days: 14 },
          { bytes: 65_536, days: 1 },
        ],
      },
    ],
  ] as const)('%j is allowed', ([given, expected]) => {
    expect(load(given).config).toMatchObject(expected)
  })
})

describe('settings that do not go together are refused', () => {
  const files = { tls: 'files', 'tls-cert': 'c.pem', 'tls-key': 'k.pem' }
  test.for([
    [{ tls: 'files', 'tls-cert': 'c.pem' }, 'tls files needs tlsKey (--tls-key)'],
    [{ 'tls-cert': 'c.pem' }, 'tlsCert (--tls-cert) is set, and tls is off'],
    [{ tls: 'acme', host: '::' }, 'tls acme needs publicUrl (--public-url) with https and a name'],
    [{ tls: 'acme', host: '::', 'public-url': 'https://192.0.2.1' }, 'tls acme needs publicUrl'],
    [{ tls: 'acme', host: '::', 'public-url': 'https://[2001:db8::1]' }, 'tls acme needs publicUrl'],
    [{ tls: 'acme', host: '::', 'public-url': 'https://localhost' }, 'tls acme needs publicUrl'],
    [{ tls: 'acme', 'public-url': 'https://hub.example' }, 'host (--host) 0.0.0.0 or ::'],
    [{ ...files, 'public-url': 'http://hub.example' }, 'begins with http://, and tls is files'],
    [{ 'http-port': '80' }, 'httpPort (--http-port) leads to https, and tls is off'],
    [{ ...files, 'http-port': '443', port: '443' }, 'are the same'],
    [
      { tls: 'acme', host: '::', 'public-url': 'https://hub.example', port: '80' },
      'httpPort (--http-port) and port (--port) are the same, 80',
    ],
    [
      { 'turn-urls': 'stun:a.example, turns:a.example' },
      'name its secret too, turnSecretFile (--turn-secret-file)',
    ],
  ] as [Record<string, string>, string][])('%j', ([flags, message]) => {
    const found = problems({ flags })
    expect(found).toMatchObject([{ code: 'together' }])
    expect(found[0]?.message).toContain(message)
  })

  test.for([
    [files, { tls: 'files', tlsKey: 'k.pem', httpPort: null }],
    [{ ...files, 'http-port': 'none' }, { httpPort: null }],
    [{ ...files, port: '80' }, { port: 80 }],
    [{ 'turn-urls': 'stun:a.example' }, { turnSecretFile: null }],
    [{ ...files, 'http-port': '80', port: '443' }, { httpPort: 80 }],
    [
      { tls: 'acme', host: '0.0.0.0', 'public-url': 'https://hub.example', 'acme-email': 'ada@hub.example' },
      { tls: 'acme', acmeEmail: 'ada@hub.example' },
    ],
  ])('%j do', ([flags, expected]) => {
    expect(load({ flags: flags as Record<string, string> }).config).toMatchObject(expected as object)
  })
})

describe('the file', () => {
  test.for(['', '{', '[]', 'null', '7', '{"port": 1,}'])('%j is no object', (file) => {
    expect(problems({ file })).toMatchObject([{ code: 'not-json' }])
  })

  test('[T22] a broken file is not quoted: it may hold a key', () => {
    const [problem] = problems({ file: '{"networkKey": canaryCANARYcanary}' })
    expect(problem?.message).not.toContain('canary')
  })

  test('[T16] a larger one is not parsed', () => {
    const padded = (length: number) => `{"port": 1${' '.repeat(length - 11)}}`
    expect(load({ file: padded(maxFileLength) }).config.port).toBe(1)
    expect(problems({ file: padded(maxFileLength + 1) })).toMatchObject([{ code: 'too-large' }])
  })

  test('inside the home it cannot move the home', () => {
    expect(problems({ file: '{"home": "/srv"}', named: false })).toMatchObject([{ code: 'misplaced' }])
    expect(load({ file: '{"home": "/srv"}' }).config.home).toBe('/srv')
  })

  test('never throws, whatever stands in it', () => {
    const read = (file: string) => void readConfig(sources({ file }))
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), read))
    const named = fc.dictionary(fc.constantFrom(...optionKeys), fc.jsonValue())
    fc.assert(fc.property(named, (values) => read(JSON.stringify(values))))
  })
})

describe('where things are', () => {
  test.for([
    [{}, {}, '/home/ada/.effigy/hub', '/home/ada/.effigy/hub/hub.json', false],
    [{}, { EFFIGY_HOME: '/srv/e' }, '/srv/e/hub', '/srv/e/hub/hub.json', false],
    [{}, { EFFIGY_HUB_HOME: '/srv/h' }, '/home/ada/.effigy/hub', '/srv/h/hub.json', false],
    [{ home: '/x' }, { EFFIGY_HUB_HOME: '/srv/h' }, '/home/ada/.effigy/hub', '/x/hub.json', false],
    [{ config: 'my.json' }, { EFFIGY_HUB_CONFIG: 'other.json' }, '/home/ada/.effigy/hub', 'my.json', true],
  ] as const)('%j %j', ([flags, environment, defaultHome, file, named]) => {
    const found = locate(new Map(Object.entries(flags)), environment, '/home/ada')
    expect(found).toEqual({ defaultHome, file, named })
  })
})

describe('hubs to follow', () => {
  const hub = 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX'
  const read = (follows: unknown) =>
    readConfig({
      flags: new Map(),
      environment: {},
      file: { path: 'hub.json', text: JSON.stringify({ follows }), named: true },
      defaultHome: '/nowhere',
    })

  test('are addresses with who must answer there', () => {
    const found = read([`wss://hub.example/effigy/1#${hub}`])
    expect(found.ok && found.value.config.follows).toEqual([
      { url: 'wss://hub.example/effigy/1', identity: hub },
    ])
  })

  test.for([
    'wss://hub.example/effigy/1',
    `ftp://hub.example#${hub}`,
    `wss://me:secret@hub.example#${hub}`,
    `wss://hub.example/effigy/1?to=${hub}#${hub}`,
    7,
    '',
  ])('never %j', (address) => {
    expect(read([address]).ok).toBe(false)
  })

  test('16, and one more', () => {
    const many = (count: number) =>
      read(Array.from({ length: count }, () => `wss://hub.example/effigy/1#${hub}`)).ok
    expect([many(16), many(17)]).toEqual([true, false])
  })
})
