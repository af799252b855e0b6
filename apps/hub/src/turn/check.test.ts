import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificates.ts'
import {
  type Coturn,
  hasCoturn,
  startCoturn,
  testSecret,
  turnSettings,
  withCoturn,
} from '../../test/coturn.ts'
import { checkRelay } from './check.ts'
import { checkCoturnFile } from './check-file.ts'
import { runTurnCommand } from './commands.ts'
import { coturnConfig } from './coturn-config.ts'
import { parseCoturnFile } from './coturn-file.ts'
import { attributeTypes, decodeStun, encodeStun, find } from './stun-message.ts'

const settings = turnSettings({
  turnUrls: ['turn:relay.example:3478?transport=udp'],
  turnAddress: { outside: '8.8.8.8', inside: '10.0.0.5' },
})
const sources = { settings, secret: testSecret, ownAddresses: ['10.0.0.5', '8.8.4.4'] }
const written = coturnConfig(sources)
const text = written.ok ? written.value : ''

const wrongIn = (file: string): readonly string[] =>
  checkCoturnFile(file, sources)
    .filter(({ type }) => type === 'wrong')
    .map((finding) => finding.text)

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'effigy-check-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

describe('[T19] a configuration of coturn', () => {
  test('as it was written is right', () => {
    expect(checkCoturnFile(text, sources).filter(({ type }) => type !== 'right')).toEqual([])
  })

  const without = (line: string) => text.replace(`\n${line}\n`, '\n')

  test.for([
    ['another secret', text.replace(testSecret, 'x'.repeat(40)), /^The secret is not/],
    ['no secret', without(`static-auth-secret=${testSecret}`), /no static-auth-secret/],
    [
      'another realm',
      text.replace('realm=effigy', 'realm=other'),
      /^realm is other; the settings say effigy/,
    ],
    ['another port', text.replace('listening-port=3478', 'listening-port=80'), /^listening-port is 80/],
    ['no quota', without('user-quota=12'), /^user-quota is not there; the settings say 12/],
    ['no fingerprint', without('fingerprint'), /^fingerprint is missing/],
    ['a switch that is off', text.replace('\nno-cli\n', '\nno-cli=0\n'), /^no-cli is missing/],
    ['no stale nonce', without('stale-nonce=600'), /^stale-nonce/],
    ['anybody', `${text}no-auth\n`, /^no-auth must not/],
    ['a name for ever', `${text}user=bob:bob\n`, /^user must not/],
    ['loopback', `${text}allow-loopback-peers\n`, /^allow-loopback-peers must not/],
    ['10/8 left out', without('denied-peer-ip=10.0.0.0-10.255.255.255'), /^10\.0\.0\.0\/8 \(private use\)/],
    ['a hole in 10/8', text.replace('10.0.0.0-10.255', '10.0.0.0-10.254'), /^10\.0\.0\.0\/8/],
    ['6to4 left out', text.replace(/denied-peer-ip=2002::.*\n/, ''), /^2002::\/16 \(6to4\)/],
    ['all of IPv4', `${text}denied-peer-ip=::-::ffff\n`, /stands for all/],
    ['everything', `${text}denied-peer-ip=0.0.0.0\n`, /stands for all/],
    ['an exception for everything', `${text}allowed-peer-ip=0.0.0.0\n`, /^allowed-peer-ip=0/],
    [
      'a hole that only coturn sees',
      text
        .replace(/denied-peer-ip=.*:.*\n/g, '')
        .concat('denied-peer-ip=::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\n'),
      /^fc00::\/7/,
    ],
    ['this machine', without('denied-peer-ip=8.8.4.4'), /^This machine's 8\.8\.4\.4 is not/],
    ['an exception', `${text}allowed-peer-ip=192.168.1.0-192.168.1.255\n`, /^allowed-peer-ip=192\.168\.1\.0/],
    ['what is no range', `${text}denied-peer-ip=10.0.0.0/8\n`, /^1 of denied-peer-ip are no ranges/],
    ['nothing at all', '', /no static-auth-secret/],
  ] as const)('with %s is wrong', ([_, file, message]) => {
    const found = wrongIn(file)
    expect(
      found.some((line) => message.test(line)),
      found.join('\n'),
    ).toBe(true)
    expect(found.join()).not.toContain(testSecret)
  })

  test('is read as coturn reads it', () => {
    const lines = parseCoturnFile('#a=1\n  realm = x y  \nno-cli\r\n\tuser\tb\ncert="/a b"\n==\n-v\n')
    expect(lines).toEqual([
      { name: 'realm', value: 'x y' },
      { name: 'no-cli', value: '' },
      { name: 'user', value: 'b' },
      { name: 'cert', value: '/a b' },
      { name: 'v', value: '' },
    ])
  })
})

describe('hub turn', () => {
  async function run(
    type: 'turn-config' | 'turn-check',
    some: Partial<typeof settings>,
    path: string | null,
  ) {
    let out = ''
    const code = await runTurnCommand({ type, path }, turnSettings(some), {
      say: (line) => (out += line),
      warn: (line) => (out += `hub: ${line}\n`),
    })
    return { code, out }
  }

  test('without a relay in the settings: what to name', async () => {
    expect(await run('turn-config', {}, null)).toMatchObject({
      code: 2,
      out: expect.stringContaining('--turn-'),
    })
    expect(await run('turn-check', {}, null)).toMatchObject({
      code: 1,
      out: expect.stringContaining('turnUrls'),
    })
  })

  test('a relay that is not there is wrong', async () => {
    using folder = temporaryFolder()
    const turnSecretFile = join(folder.path, 'secret')
    writeFileSync(turnSecretFile, testSecret, { mode: 0o600 })
    const turnUrls = ['turn:127.0.0.1:1?transport=tcp', 'turns:127.0.0.1:1?transport=udp']
    const { code, out } = await run('turn-check', { turnUrls, turnSecretFile }, join(folder.path, 'none'))
    expect([code, out.match(/^WRONG .*$/gm)]).toEqual([
      1,
      [expect.stringContaining('(ENOENT)'), expect.stringContaining('cannot be reached (ECONNREFUSED)')],
    ])
  })
})

test('a relay that takes a port for somebody else’s is asked from three', async () => {
  const server = createSocket('udp4')
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  const signed = new Set<number>()
  server.on('message', (bytes, { port }) => {
    const request = decodeStun(bytes)
    if (request === null) return
    const isSigned = find(request, attributeTypes.username) !== null
    if (isSigned) signed.add(port)
    const code = isSigned ? 37 : 1
    const attributes = [
      { type: attributeTypes.errorCode, value: Uint8Array.of(0, 0, 4, code) },
      { type: attributeTypes.realm, value: Buffer.from('effigy') },
      { type: attributeTypes.nonce, value: Buffer.from('once') },
    ]
    const { method, transaction } = request
    server.send(encodeStun({ method, class: 'error', transaction, attributes }, null), port, '127.0.0.1')
  })
  try {
    using folder = temporaryFolder()
    const turnSecretFile = join(folder.path, 'secret')
    writeFileSync(turnSecretFile, testSecret, { mode: 0o600 })
    const turnUrls = [`turn:127.0.0.1:${server.address().port}`]
    const ports = { clock: systemClock, signal: AbortSignal.timeout(50_000) }
    const findings = checkRelay(turnSettings({ turnUrls, turnSecretFile }), null, [], ports)
    const texts = (await Array.fromAsync(findings)).map((finding) => finding.text)
    expect(texts.at(-1)).toMatch(/gives no way over IPv4 to a name of the hub \(437\)/)
    expect(signed.size).toBe(3)
  } finally {
    server.close()
  }
})

describe.skipIf(!hasCoturn)(`a running relay${withCoturn}`, { timeout: 60_000 }, () => {
  async function check(coturn: Coturn, secret: string = testSecret, withFile = true) {
    using folder = temporaryFolder()
    const turnSecretFile = join(folder.path, 'secret')
    writeFileSync(turnSecretFile, secret, { mode: 0o600 })
    const path = withFile ? coturn.path : null
    const ports = { clock: systemClock, signal: AbortSignal.timeout(50_000) }
    const findings = await Array.fromAsync(
      checkRelay({ ...coturn.settings, turnSecretFile }, path, [], ports),
    )
    return {
      findings,
      texts: findings.map((finding) => finding.text).join('\n'),
      wrong: findings.filter(({ type }) => type === 'wrong').map((finding) => finding.text),
    }
  }

  test('with the configuration that was written for it is right', async () => {
    await using coturn = await startCoturn()
    const { findings, texts, wrong } = await check(coturn)
    expect(wrong).toEqual([])
    // Over UDP and TCP: a way, special peers, two who meet, three names; and STUN.
    expect(findings.filter(({ type }) => type === 'right').length).toBeGreaterThanOrEqual(18)
    expect(texts).not.toContain(testSecret)
    expect(readFileSync(coturn.path, 'utf8')).toContain(testSecret)
  })

  test('behind a NAT is right, too: what is sent to its outer address comes', async () => {
    const turnAddress = { outside: '8.8.8.8', inside: '127.0.0.1' }
    await using coturn = await startCoturn({ settings: { turnAddress }, ownAddresses: ['127.0.0.1'] })
    const { texts, wrong } = await check(coturn)
    expect(wrong).toEqual([])
    expect(texts).toContain('two who both use it reach each other over IPv4')
  })

  test('over TLS is right with a certificate that is trusted, and else out of reach', async () => {
    using folder = temporaryFolder()
    const { cert, key } = makeCertificate({ name: 'localhost' })
    const [turnCertFile, turnKeyFile] = [join(folder.path, 'cert'), join(folder.path, 'key')]
    writeFileSync(turnCertFile, cert)
    writeFileSync(turnKeyFile, key, { mode: 0o600 })
    const settings = (port: number) => ({
      turnUrls: [`turn:127.0.0.1:${port}`, `turns:localhost:${port + 1}`],
      turnPorts: { first: port + 2, last: port + 30 },
      ...{ turnCertFile, turnKeyFile },
    })
    await using coturn = await startCoturn({ settings })
    expect((await check(coturn)).wrong).toEqual([
      expect.stringMatching(/^turns:.*cannot be reached \(.*CERT/),
    ])
    const before = getCACertificates('default')
    setDefaultCACertificates([cert])
    try {
      const { wrong, texts } = await check(coturn)
      expect(wrong).toEqual([])
      expect(texts).toMatch(/turns:localhost:\d+: two who both use it reach each other/)
    } finally {
      setDefaultCACertificates(before)
    }
  })

  test('with another secret than the hub is wrong, in the file and in fact', async () => {
    await using coturn = await startCoturn()
    const { wrong } = await check(coturn, 'another-secret-of-another-hub-0123456789')
    expect(wrong.join('\n')).toMatch(/The secret is not that of the hub[\s\S]*gives no way over IPv4 .*401/)
  })

  test('that lets somebody through to a private network is wrong', async () => {
    const edit = (config: string): string =>
      config.replace('denied-peer-ip=192.168.0.0-192.168.255.255\n', 'allowed-peer-ip=10.9.8.7\n')
    await using coturn = await startCoturn({ edit })
    chmodSync(coturn.path, 0o644)
    const { wrong } = await check(coturn)
    const text = wrong.join('\n')
    expect(text).toMatch(/others may read it/)
    expect(text).toMatch(/192\.168\.0\.0\/16 \(private use\) is not denied/)
    expect(text).toMatch(/allowed-peer-ip=10\.9\.8\.7 must not be there/)
    expect(text).toMatch(/would send to 192\.168\.0\.0 /)
    expect(text).toMatch(/would send to 192\.168\.255\.255 /)
  })

  test('that anybody may use is wrong', async () => {
    const edit = (config: string): string =>
      config.replace('use-auth-secret\n', 'no-auth\n').replace(/static-auth-secret=.*\n/, '')
    await using coturn = await startCoturn({ edit })
    const { wrong } = await check(coturn, testSecret, false)
    expect(wrong.join('\n')).toMatch(/does not refuse a wrong password/)
  })

  test('of which nobody can be called is wrong', async () => {
    const edit = (config: string): string => `${config}denied-peer-ip=::-1fff::\n`
    await using coturn = await startCoturn({ edit })
    const { wrong } = await check(coturn)
    expect(wrong.join('\n')).toMatch(/stands for all[\s\S]*refuses public addresses/)
  })
})
