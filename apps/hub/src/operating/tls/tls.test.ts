/** A hub that speaks TLS itself: certificates change under open connections, the plain port leads to it. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { dialWebSocket } from '@effigy/links/node'
import { systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { startAcmeServer } from '../../../test/acme-server.ts'
import { makeCertificate, type TestCertificate } from '../../../test/certificates.ts'
import { type HubWorld, probesWith, startTestHub } from '../../../test/hub-world.ts'

async function start(changes: Parameters<typeof startTestHub>[0] = {}, probes = probesWith()) {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-hub-tls-'))
  const files = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') }
  const put = ({ cert, key }: TestCertificate): void => {
    writeFileSync(files.tlsCert, cert)
    writeFileSync(files.tlsKey, key, { mode: 0o600 })
  }
  const first = makeCertificate({ name: 'localhost' })
  put(first)
  const world = await startTestHub({ tls: 'files', ...files, ...changes }, { probes })
  return {
    ...{ ...world, put, first, folder },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const insecure = { host: '127.0.0.1', rejectUnauthorized: false }

async function ask({ hub }: HubWorld, path: string, headers: Record<string, string> = {}) {
  const asked = request({ ...insecure, port: hub.port, path, headers, agent: false })
  asked.end()
  const [response] = await once(asked, 'response')
  const { fingerprint256, subjectaltname } = (response.socket as TLSSocket).getPeerCertificate()
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode as number, text, fingerprint: fingerprint256, names: subjectaltname }
}

/** Resolves with the open socket. */
async function upgrade({ hub }: HubWorld) {
  const asked = request({
    ...insecure,
    ...{ port: hub.port, path: '/effigy/1', agent: false },
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    },
  })
  asked.end()
  const [response, socket] = await once(asked, 'upgrade')
  return { status: response.statusCode as number, socket: socket as TLSSocket }
}

describe('tls files', () => {
  test('page, health and address over https; metrics for this machine', async () => {
    await using world = await start()
    expect(world.hub.origin).toBe(`https://127.0.0.1:${world.hub.port}`)
    const { status, text } = await ask(world, '/', { host: 'hub.local:7337' })
    expect([status, text.includes('wss://hub.local:7337/effigy/1')]).toEqual([200, true])
    const metrics = await ask(world, '/metrics')
    expect(metrics.text).toMatch(/^effigy_certificate_ends_seconds \d{10}$/m)
  })

  test('a new certificate is used at once on SIGHUP, and open connections go on', async () => {
    await using world = await start()
    const before = await ask(world, '/healthz')
    const { status, socket } = await upgrade(world)
    expect(status).toBe(101)
    world.put(makeCertificate())
    world.hub.reload()
    const after = await ask(world, '/healthz')
    expect(after.fingerprint).not.toBe(before.fingerprint)
    // A ping of the WebSocket over the connection from before: answered.
    socket.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0]))
    const [pong] = await once(socket, 'data')
    expect(pong[0]).toBe(0x8a)
    // One that cannot be used changes nothing.
    world.put({ ...makeCertificate(), key: world.first.key })
    world.hub.reload()
    expect((await ask(world, '/healthz')).fingerprint).toBe(after.fingerprint)
    socket.destroy()
  })

  test('frames of all lengths arrive whole, both ways', async () => {
    await using world = await start()
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, world.first.cert])
    try {
      const url = `wss://localhost:${world.hub.port}/effigy/1`
      const link = await dialWebSocket(url, { clock: systemClock, signal: new AbortController().signal })
      const other = world.fake.links[0]
      const sizes = [1, 125, 126, 4_000, 65_535, 65_536, 1_048_592]
      const frameOf = (size: number): Uint8Array => new Uint8Array(size).fill(size % 251)
      for (const size of sizes) {
        link.send(frameOf(size))
        other?.send(frameOf(size))
      }
      for (const end of [link, other]) {
        const frames = end?.receive()[Symbol.asyncIterator]()
        for (const size of sizes) {
          const { value } = (await frames?.next()) ?? {}
          expect(Buffer.compare(value as Uint8Array, frameOf(size)), `${size}`).toBe(0)
        }
      }
      link.close()
    } finally {
      setDefaultCACertificates(before)
    }
  })

  test('[T16] open WebSockets are not among those that wait: many visitors cut none of them', async () => {
    // A machine of few descriptors: 64 may wait.
    await using world = await start({}, probesWith({ descriptorLimit: () => 400 }))
    const { socket } = await upgrade(world)
    const visitors = Array.from({ length: 80 }, () => connect({ ...insecure, port: world.hub.port }))
    for (const visitor of visitors) visitor.on('error', () => {})
    await Promise.all(
      visitors.map((visitor) =>
        Promise.race([once(visitor, 'secureConnect'), once(visitor, 'close')]).catch(() => {}),
      ),
    )
    await expect.poll(() => visitors.filter(({ closed }) => closed).length).toBeGreaterThanOrEqual(80 - 64)
    expect(socket.closed).toBe(false)
    socket.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0]))
    const [pong] = await once(socket, 'data')
    expect(pong[0]).toBe(0x8a)
    for (const visitor of [socket, ...visitors]) visitor.destroy()
  })

  test('[T16] who speaks no TLS is cut, and others are answered', async () => {
    await using world = await start()
    const plain = connectPlain(world.hub.port, '127.0.0.1')
    plain.on('error', () => {})
    plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(plain, 'close')
    expect((await ask(world, '/healthz')).status).toBe(200)
  })

  test('a key that everybody can read keeps it from starting', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-hub-tls-'))
    const { cert, key } = makeCertificate()
    const files = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') }
    writeFileSync(files.tlsCert, cert)
    writeFileSync(files.tlsKey, key, { mode: 0o644 })
    await expect(startTestHub({ tls: 'files', ...files })).rejects.toMatchObject({ code: 'tls-exposed' })
    rmSync(folder, { recursive: true })
  })
})

test('tls acme: nobody gets in before there is a certificate, then everybody; it is kept in the home', async () => {
  await using authority = await startAcmeServer(Date.now)
  const home = mkdtempSync(join(tmpdir(), 'effigy-hub-acme-'))
  const publicUrl = 'https://hub.example'
  await using world = await startTestHub({
    ...{ home, tls: 'acme', publicUrl, httpPort: 0, acmeDirectory: authority.directory },
  })
  await expect(ask(world, '/healthz')).rejects.toThrow()
  authority.challengePort = world.hub.plainPort ?? 0
  await expect
    .poll(() => ask(world, '/healthz').then(({ names }) => names, String), { timeout: 10_000 })
    .toBe('DNS:hub.example')
  expect(JSON.parse(readFileSync(join(home, 'acme.json'), 'utf8'))).toMatchObject({ name: 'hub.example' })
  rmSync(home, { recursive: true })
})

describe('the plain port', () => {
  test.for([
    ['/', { host: 'hub.example' }, null, 'https://hub.example:PORT/'],
    ['/effigy/1?a=b', { host: 'hub.example:80' }, null, 'https://hub.example:PORT/effigy/1?a=b'],
    ['/', { host: 'hub.example' }, 'https://other.example', 'https://other.example/'],
    ['//evil.example/', { host: 'hub.example' }, null, 'https://hub.example:PORT/'],
    ['http://evil.example/', { host: 'hub.example' }, null, 'https://hub.example:PORT/'],
    ['/', { host: 'evil.example/?' }, null, 'https://127.0.0.1:PORT/'],
  ] as const)('[T9] leads %s, asked with %j, to https', async ([path, headers, publicUrl, location]) => {
    await using world = await start({ httpPort: 0, publicUrl })
    const port = world.hub.plainPort ?? 0
    const asked = plainRequest({ host: '127.0.0.1', port, path, headers: { ...headers }, agent: false })
    asked.end()
    const [response] = await once(asked, 'response')
    response.resume()
    expect(response.statusCode).toBe(308)
    expect(response.headers.location).toBe(location.replace('PORT', String(world.hub.port)))
  })

  test('takes no bodies, and knows no challenge that there is none of', async () => {
    await using world = await start({ httpPort: 0 })
    const origin = `http://127.0.0.1:${world.hub.plainPort}`
    expect((await fetch(origin, { method: 'POST', body: 'x' })).status).toBe(405)
    expect((await fetch(`${origin}/.well-known/acme-challenge/x`)).status).toBe(404)
    expect((await fetch(`${origin}/.well-known/acme-challenge/__proto__`)).status).toBe(404)
  })
})
