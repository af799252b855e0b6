import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coturnConfig, coturnSwitches } from './coturn-config.ts'
import { contains, formatIp, formatRange, isCovered, parseIp, parsePrefix, parseRange } from './ip-range.ts'
import { type TurnSettings, turnOptions } from './options.ts'
import { createTurnSecret, readTurnSecret } from './secret.ts'
import { specialRanges } from './special-ranges.ts'
import { writeCoturnConfig } from './write-config.ts'

const secret = 's'.repeat(43)

function settings(some: Partial<TurnSettings> = {}): TurnSettings {
  return {
    turnUrls: ['turn:relay.example:3478?transport=udp'],
    turnSecretFile: null,
    turnRealm: turnOptions.turnRealm.fallback,
    turnAddress: null,
    turnPorts: turnOptions.turnPorts.fallback,
    turnQuota: 100,
    turnQuotaPerUser: 10,
    turnCertFile: null,
    turnKeyFile: null,
    ...some,
  }
}

function linesOf(some: Partial<TurnSettings> = {}, ownAddresses: readonly string[] = []): readonly string[] {
  const config = coturnConfig({ settings: settings(some), secret, ownAddresses })
  if (!config.ok) throw new Error(config.error.message)
  return config.value.split('\n')
}

const denied = (lines: readonly string[]) =>
  lines
    .filter((line) => line.startsWith('denied-peer-ip='))
    .map((line) => parseRange(line.slice('denied-peer-ip='.length)))
    .filter((range) => range !== null)

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'effigy-turn-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

describe('addresses', () => {
  test('are read and written back alike, as IPv4 and IPv6', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseIp(text)
        expect(address).not.toBeNull()
        if (address !== null) expect(parseIp(formatIp(address))).toEqual(address)
      }),
    )
  })

  test.for([
    ['10.0.0.0/8', '10.0.0.0-10.255.255.255'],
    ['1.2.3.4', '1.2.3.4'],
    ['::ffff:0:0/96', '::ffff:0:0-::ffff:ffff:ffff'],
    ['::/3', '::-1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::ffff:1.2.3.4/128', '::ffff:102:304'],
  ] as const)('%s is %s', ([prefix, range]) => {
    const parsed = parsePrefix(prefix)
    expect(parsed && formatRange(parsed)).toBe(range)
    expect(parseRange(range)).toEqual(parsed)
  })

  test.for(['', '10.0.0.1/8', '10.0.0.0/33', '1.2.3', 'fe80::1%eth0', '::/129', '1::/x', '1.2.3.4/', ':::'])(
    'no prefix: %j',
    (text) => expect(parsePrefix(text)).toBeNull(),
  )

  test.for(['2.0.0.0-1.0.0.0', '1.0.0.0-::', '1.0.0.0-2.0.0.0-3.0.0.0', '-'])('no range: %s', (text) =>
    expect(parseRange(text)).toBeNull(),
  )

  test('a range is covered by several that touch or overlap, and by none with a gap', () => {
    const range = (text: string) => parseRange(text) as NonNullable<ReturnType<typeof parseRange>>
    const whole = range('10.0.0.0-10.0.0.255')
    expect(isCovered(whole, [range('10.0.0.128-10.0.1.0'), range('9.0.0.0-10.0.0.127')])).toBe(true)
    expect(isCovered(whole, [range('10.0.0.0-10.0.0.100'), range('10.0.0.102-10.0.0.255')])).toBe(false)
    expect(isCovered(whole, [range('::-ffff::')])).toBe(false)
  })
})

describe('[T19] the configuration of coturn', () => {
  test('denies every special range, and public addresses of this machine', () => {
    const ranges = denied(linesOf({}, ['8.8.8.8', '10.1.1.1', '2a00::1', 'fe80::1']))
    const special = specialRanges.filter(({ prefix }) => prefix !== '::/128')
    for (const { range, prefix } of special) {
      const first = range.family === 6 && range.first === 0n ? 1n : range.first
      expect(isCovered({ ...range, first }, ranges), prefix).toBe(true)
    }
    for (const own of ['8.8.8.8', '2a00::1']) {
      const address = parseIp(own)
      expect(address !== null && ranges.some((range) => contains(range, address))).toBe(true)
    }
    // And not everybody.
    for (const other of ['9.9.9.9', '2a00::2']) {
      const address = parseIp(other)
      expect(address !== null && ranges.some((range) => contains(range, address))).toBe(false)
    }
  })

  test('lets two meet at the relay, at its own address alone, public or behind a NAT', () => {
    const behind = linesOf({ turnAddress: { outside: '8.8.8.8', inside: '10.0.0.5' } }, [
      '10.0.0.5',
      '8.8.4.4',
    ])
    expect(behind).toEqual(
      expect.arrayContaining([
        'relay-ip=10.0.0.5',
        'external-ip=8.8.8.8/10.0.0.5',
        'allowed-peer-ip=10.0.0.5',
      ]),
    )
    expect(behind.filter((line) => line.startsWith('allowed'))).toHaveLength(1)
    expect(behind).toContain('denied-peer-ip=8.8.4.4')
    const open = linesOf({ turnAddress: { outside: '8.8.8.8', inside: '8.8.8.8' } }, ['8.8.8.8', '8.8.4.4'])
    expect(open.filter((line) => line.startsWith('allow'))).toEqual([])
    expect(open).not.toContain('denied-peer-ip=8.8.8.8')
  })

  test('has every switch once, and the numbers of the settings', () => {
    const lines = linesOf({ turnRealm: 'relay.example' })
    for (const name of Object.keys(coturnSwitches)) {
      expect(lines.filter((line) => line === name)).toHaveLength(1)
    }
    expect(lines).toEqual(
      expect.arrayContaining([
        'listening-port=3478',
        'min-port=49152',
        'max-port=65535',
        'realm=relay.example',
      ]),
    )
    expect(lines).toEqual(
      expect.arrayContaining([`static-auth-secret=${secret}`, 'total-quota=100', 'user-quota=10', 'no-tls']),
    )
    expect(lines).not.toContain('allow-loopback-peers')
  })

  test.for([
    [[], /turn-urls/],
    [['stun:relay.example'], /turn-urls/],
    [['turn:a.example:1', 'turn:b.example:2'], /one port/],
    [['turns:a.example'], /turn-cert-file/],
    [['turn:a.example:50000'], /within turnPorts/],
  ] as const)('%j is not written', ([turnUrls, message]) => {
    const config = coturnConfig({ settings: settings({ turnUrls }), secret, ownAddresses: [] })
    expect(!config.ok && config.error.message).toMatch(message)
  })

  test('over TLS with its certificate, and without plain listeners where none is named', () => {
    const lines = linesOf({ turnUrls: ['turns:a.example'], turnCertFile: '/c', turnKeyFile: '/k' })
    expect(lines).toEqual(
      expect.arrayContaining([
        'no-udp',
        'no-tcp',
        'tls-listening-port=5349',
        'cert=/c',
        'pkey=/k',
        'no-dtls',
      ]),
    )
    expect(lines).not.toContain('no-tls')
  })
})

test.for([
  ['203.0.113.5', true],
  ['203.0.113.5/10.0.0.5', true],
  ['2a00:1::1', true],
  ['fd00::1', true],
  ['127.0.0.1', true],
  ['0.0.0.0', false],
  ['8.8.8.8/0.0.0.0', false],
  ['::', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['ff02::1', false],
  ['fe80::1', false],
  ['::ffff:8.8.8.8', false],
  ['8.8.8.8/2a00::1', false],
  ['8.8.8.8/8.8.8.8/8.8.8.8', false],
  ['relay.example', false],
  ['', false],
] as const)('[T19] %j as the address of the relay: %j', ([text, isRight]) => {
  // coturn takes an exception for the unspecified address as one for everything.
  expect(turnOptions.turnAddress.kind.accept(text) !== null).toBe(isRight)
})

describe('[T22] the secret and what holds it', () => {
  test('is made once, for its owner alone, and goes into a file for its owner alone', () => {
    using folder = temporaryFolder()
    const turnSecretFile = join(folder.path, 'secret')
    const path = join(folder.path, 'turnserver.conf')
    for (const times of [1, 2]) {
      const written = writeCoturnConfig(settings({ turnSecretFile }), path, [])
      expect(written.ok && written.value.text).toBe('')
      expect(written.ok && written.value.notes.join().includes('Made a secret')).toBe(times === 1)
    }
    const kept = readTurnSecret(turnSecretFile)
    expect(kept.ok && readFileSync(path, 'utf8').includes(`static-auth-secret=${kept.value}\n`)).toBe(true)
    for (const file of [turnSecretFile, path]) expect(statSync(file).mode & 0o777).toBe(0o600)
    const shown = writeCoturnConfig(settings({ turnSecretFile }), null, [])
    expect(shown.ok && shown.value.text).toBe(readFileSync(path, 'utf8'))
  })

  test('a file that somebody else wrote stays', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'turnserver.conf')
    writeFileSync(path, 'realm=mine\n')
    const written = writeCoturnConfig(settings({ turnSecretFile: join(folder.path, 's') }), path, [])
    expect(!written.ok && written.error.message).toContain('was not written by this command')
    expect(readFileSync(path, 'utf8')).toBe('realm=mine\n')
  })

  test.for([
    ['exposed', 'secret-exposed', 0o640, `${secret}\n`],
    ['short', 'secret-form', 0o600, 'short\n'],
    ['two lines', 'secret-form', 0o600, `${secret}\nallowed-peer-ip=10.0.0.1\n`],
    ['long', 'secret-form', 0o600, 's'.repeat(600)],
    ['empty', 'secret-form', 0o600, ''],
  ] as const)('one that is %s is refused, and not repeated', ([_, code, mode, text]) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'secret')
    writeFileSync(path, text, { mode })
    const read = readTurnSecret(path)
    expect(!read.ok && read.error.code).toBe(code)
    expect(JSON.stringify(read)).not.toContain(secret.slice(0, 10))
  })

  test.runIf(process.getuid?.() === 0)(
    "made by root it belongs to whom its folder belongs to, and root reads it there, and no other user's",
    () => {
      using folder = temporaryFolder()
      const path = join(folder.path, 'secret')
      chownSync(folder.path, 12_345, 12_346)
      const made = createTurnSecret(path)
      expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 12_346 })
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(readTurnSecret(path)).toEqual({ ok: true, value: made })
      chownSync(folder.path, 0, 0)
      expect(readTurnSecret(path)).toMatchObject({ error: { code: 'secret-exposed' } })
    },
  )

  test('is never written over, and an absent one is told from a broken one', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'secret')
    expect(readTurnSecret(path)).toMatchObject({ error: { code: 'secret-absent' } })
    createTurnSecret(path)
    expect(() => createTurnSecret(path)).toThrow()
    expect(readTurnSecret(folder.path).ok).toBe(false)
  })
})
