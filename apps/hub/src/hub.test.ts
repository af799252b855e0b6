import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { dialWebSocket } from '@effigy/links/node'
import { systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { type FakePeer, testIdentity } from '../test/fake-peer.ts'
import { configWith, depsWith, type HubWorld, probesWith, startTestHub } from '../test/hub-world.ts'
import type { HubConfig } from './config/options.ts'
import { startHub } from './hub.ts'
import { reservedDescriptors } from './operating/headroom.ts'

const signal = new AbortController().signal

/** A name that nothing here has. */
const unknownContent = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

type World = HubWorld

const start = (changes: Partial<HubConfig> = {}, probes = probesWith()): Promise<HubWorld> =>
  startTestHub(changes, { probes })

/** `fetch` sets `Host` by itself and hides sizes; this sends what it is told. */
async function ask(
  { hub }: World,
  path: string,
  options: {
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string
  } = {},
) {
  const { method = 'GET', headers = {}, body } = options
  const asked = request({ host: '127.0.0.1', port: hub.port, path, method, headers, agent: false })
  asked.end(body)
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  // Where a line of the page may break is nobody's business here.
  text = text.replaceAll('<wbr>', '')
  return { status: response.statusCode as number, headers: response.headers as Record<string, string>, text }
}

describe('the page', () => {
  test('shows name, address and state, and needs no script', async () => {
    await using world = await start({ name: 'Our <b>hub</b> & "friends"' })
    world.fake.hooks.admits(await testIdentity('alice'))
    const { status, headers, text } = await ask(world, '/')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text).toContain('Our &lt;b&gt;hub&lt;/b&gt; &amp; &quot;friends&quot;')
    expect(text).toContain(world.hub.address)
    expect(text).toContain('1 of at most 1,000')
    expect(text).toContain('9.9.9')
    expect(text).not.toContain('<script')
    expect(text).not.toContain('<b>')
  })

  test('[T20] names nobody', async () => {
    await using world = await start()
    const alice = await testIdentity('alice')
    world.fake.hooks.admits(alice)
    world.fake.sessions.add(alice)
    for (const path of ['/', '/readyz', '/healthz', '/.well-known/effigy']) {
      expect((await ask(world, path)).text, path).not.toContain(alice)
    }
  })

  test.for([
    ['de-AT,de;q=0.9,en;q=0.5', 'de', 'Gerade jetzt'],
    ['fr, en;q=0.8, de;q=0.7', 'en', 'Right now'],
    ['fr', 'en', 'Right now'],
    ['de;q=0, *', 'en', 'Right now'],
    [';;;q=x,,,'.repeat(50), 'en', 'Right now'],
  ])('in the language of %s', async ([header, language, words]) => {
    await using world = await start()
    const { headers, text } = await ask(world, '/', { headers: { 'accept-language': header! } })
    expect(headers['content-language']).toBe(language)
    expect(text).toContain(`<html lang="${language}">`)
    expect(text).toContain(words)
  })

  test('says when nobody else can reach it', async () => {
    await using local = await start()
    expect((await ask(local, '/')).text).toContain('--host 0.0.0.0')
    await using open = await start({ publicUrl: 'https://hub.example' })
    const { text } = await ask(open, '/')
    expect(text).not.toContain('--host 0.0.0.0')
    expect(text).toContain(`wss://hub.example/effigy/1#${open.hub.identity}`)
  })
})

describe('over plain http', () => {
  test.for([
    [{ host: '192.168.1.7:7337' }, {}, true],
    [{ host: 'hub.local' }, {}, true],
    [{ host: 'hub.local' }, { publicUrl: 'http://hub.example' }, true],
    [{ host: '127.0.0.1:7337' }, {}, false],
    [{ host: 'localhost' }, {}, false],
    [{ host: '[::1]:7337' }, {}, false],
    [{ host: 'hub.local' }, { publicUrl: 'https://hub.example' }, false],
    [{ host: 'hub.example', 'x-forwarded-proto': 'https' }, { trustProxy: true }, false],
  ] as const)(
    'asked with %j of a hub with %j, it says what is missing: %s',
    async ([headers, changes, said]) => {
      await using world = await start(changes)
      const { text } = await ask(world, '/', { headers: { ...headers } })
      expect(text.includes('This page came without encryption')).toBe(said)
    },
  )
})

describe('the address follows the visitor', () => {
  test.for([
    [{ host: 'Hub.Local:80' }, false, 'ws://hub.local:80/effigy/1'],
    [{ host: '[fd00::1]:7337' }, false, 'ws://[fd00::1]:7337/effigy/1'],
    [{ host: 'hub.example', 'x-forwarded-proto': 'https' }, false, 'ws://hub.example/effigy/1'],
    [{ host: 'hub.example', 'x-forwarded-proto': 'https' }, true, 'wss://hub.example/effigy/1'],
  ] as const)('%j, trusted: %s', async ([headers, trustProxy, address]) => {
    await using world = await start({ trustProxy })
    const { text } = await ask(world, '/', { headers: { ...headers } })
    expect(text).toContain(`${address}#${world.hub.identity}`)
  })

  test.for(['<script>', 'a b', 'a/b', 'a@b', '', 'x'.repeat(300)])(
    '[T9] %j is not repeated',
    async (host) => {
      await using world = await start()
      const { text } = await ask(world, '/', { headers: { host } })
      expect(text).toContain(world.hub.address)
    },
  )
})

describe('every answer', () => {
  test.for(['/', '/nothing', '/healthz', '/readyz', '/.well-known/effigy', '/icon.svg'])(
    '[T9] [T10] %s has the headers that keep scripts and frames out',
    async (path) => {
      await using world = await start()
      const { headers } = await ask(world, path)
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; /,
      )
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      })
    },
  )

  test('HEAD is GET without the body', async () => {
    await using world = await start()
    const { status, headers, text } = await ask(world, '/icon.svg', { method: 'HEAD' })
    expect([status, text]).toEqual([200, ''])
    expect(Number(headers['content-length'])).toBeGreaterThan(100)
  })

  test('without a key there is no administration', async () => {
    await using world = await start()
    expect((await ask(world, '/admin/')).status).toBe(404)
    expect((await ask(world, '/admin/overview/show', { method: 'POST', body: '{}' })).status).toBe(404)
    expect(world.hub.administration).toBeNull()
  })

  test('[W34] who may not ask begins no work: no look-up, no place in the pace', async () => {
    await using world = await start({ aliases: true })
    for (const path of ['/.well-known/effigy/note?of=&content=', '/.well-known/effigy/alias?name=a']) {
      for (let at = 0; at < 31; at++) {
        const refused = await ask(world, path, { method: 'POST', body: 'x' })
        expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD'])
      }
      expect((await ask(world, path)).status).not.toBe(429)
    }
    expect((await ask(world, '/metrics', { method: 'POST', body: 'x' })).status).toBe(405)
  })

  test('[W34] short of memory, strangers are told to come later', async () => {
    const limitBytes = 2 ** 30
    let usedBytes = limitBytes
    const probes = probesWith({ memory: () => [{ usedBytes, limitBytes }] })
    const names = `of=${await testIdentity('alice')}&content=${unknownContent}`
    const paths = [`note?${names}`, `file?${names}&file=${unknownContent}`]
    const told = async (world: World) =>
      Promise.all(paths.map(async (path) => (await ask(world, `/.well-known/effigy/${path}`)).status))
    await using short = await start({}, probes)
    expect(await told(short)).toEqual([503, 503])
    expect((await ask(short, `/.well-known/effigy/${paths[1]}`)).headers['retry-after']).toBe('5')
    usedBytes = 0
    await using roomy = await start({}, probes)
    expect(await told(roomy)).toEqual([404, 404])
  })

  test('404 and 405 say so in words', async () => {
    await using world = await start()
    const missing = await ask(world, '/../etc/passwd')
    expect([missing.status, missing.text.includes('There is nothing here')]).toEqual([404, true])
    const refused = await ask(world, '/', { method: 'POST', body: 'x' })
    expect(refused.status).toBe(405)
    expect(refused.headers).toMatchObject({ allow: 'GET, HEAD', connection: 'close' })
  })
})

describe('for programs', () => {
  test('/.well-known/effigy tells who, where and how much', async () => {
    await using world = await start({ members: [] })
    const { headers, text } = await ask(world, '/.well-known/effigy')
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(JSON.parse(text)).toMatchObject({
      software: { name: 'effigy-hub', version: '9.9.9' },
      protocols: [1],
      identity: world.hub.identity,
      path: '/effigy/1',
      address: world.hub.address,
      members: 'listed',
      privacy: 'restricted',
      room: false,
      limits: { frame: 1024 * 1024, feedsPerMember: 1_000 },
      services: ['headtracking', 'blobs', 'dropbox', 'datalease', 'signalling', 'relaying', 'moderation'],
      dropbox: { drop: 65_536, named: { drops: 5_000 }, days: [{ bytes: 4_096, days: 14 }, {}, { days: 7 }] },
      datalease: { bytesPerMember: 2 ** 30, days: 90, blob: 64 * 2 ** 20 },
    })
    const page = await ask(world, '/')
    expect(page.text).toContain('for up to 14 days. It cannot read them.')
    expect(page.text).toContain('up to 1.1 GB for each person')
  })

  test('what is switched off is not offered, and not said', async () => {
    await using world = await start({ dropBox: false, leases: false })
    const { text } = await ask(world, '/.well-known/effigy')
    expect(JSON.parse(text)).toMatchObject({
      services: ['headtracking', 'blobs', 'signalling', 'relaying', 'moderation'],
      dropbox: null,
      datalease: null,
    })
    expect((await ask(world, '/')).text).not.toContain('What it does for its people')
  })

  test('alive and ready', async () => {
    await using world = await start()
    expect(await ask(world, '/healthz')).toMatchObject({ status: 200, text: '{"alive":true}\n' })
    const { status, text } = await ask(world, '/readyz')
    expect([status, JSON.parse(text)]).toEqual([200, { ready: true, storage: 'ok', accepting: 'yes' }])
  })

  test('with its store closed it is alive and not ready', async () => {
    await using world = await start()
    world.fake.closed = true
    expect((await ask(world, '/healthz')).status).toBe(200)
    const { status, text } = await ask(world, '/readyz')
    expect([status, JSON.parse(text).storage]).toEqual([503, 'closed'])
    const page = await ask(world, '/')
    expect([page.status, page.text.includes('Not now')]).toEqual([503, true])
  })

  test('[T20] [T22] /metrics counts, and names nobody', async () => {
    await using world = await start()
    const alice = await testIdentity('alice')
    world.fake.hooks.admits(alice)
    world.fake.sessions.add(alice)
    world.fake.hooks.signalling.carries(alice, 1_234)
    expect(await upgrade(world, {})).toBe(101)
    const { status, headers, text } = await ask(world, '/metrics')
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    for (const line of [
      'effigy_hub_info{version="9.9.9"} 1',
      'effigy_ready 1',
      'effigy_connections 1',
      'effigy_sessions 1',
      'effigy_members 1',
      'effigy_block_bytes 4500000',
      'effigy_frames_total{direction="in"} 0',
      'effigy_relayed_bytes_total 1234',
    ]) {
      expect(`${text}\n`).toContain(`${line}\n`)
    }
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m)
    if (process.platform === 'linux') expect(text).toMatch(/^process_open_fds \d+$/m)
    expect(text).not.toMatch(/did:key:|127\.0\.0\.1|z6Mk/)
  })

  test.for([
    [{}, {}, 200],
    [{}, { 'x-forwarded-for': '1.1.1.1' }, 404],
    [{}, { host: 'hub.example' }, 404],
    [{ publicUrl: 'https://hub.example' }, {}, 404],
    [{ publicUrl: 'https://hub.example', trustProxy: true }, {}, 200],
    [{ publicUrl: 'https://hub.example', trustProxy: true }, { 'x-forwarded-for': '127.0.0.1' }, 404],
    [{ metrics: 'all' }, { 'x-forwarded-for': '1.1.1.1', host: 'hub.example' }, 200],
    [{ metrics: 'off' }, {}, 404],
  ] as const)('[T20] /metrics with %j for %j: %i', async ([changes, headers, status]) => {
    await using world = await start(changes)
    expect((await ask(world, '/metrics', { headers: { ...headers } })).status).toBe(status)
  })

  test('the path of the socket without an upgrade', async () => {
    await using world = await start()
    const { status, headers } = await ask(world, '/effigy/1')
    expect([status, headers.upgrade]).toEqual([426, 'websocket'])
  })
})

describe('limits', () => {
  test('[T16] header bytes: at the limit and above', async () => {
    await using world = await start()
    const fill = (length: number) => ask(world, '/healthz', { headers: { x: 'x'.repeat(length) } })
    expect((await fill(8 * 1024 - 200)).status).toBe(200)
    expect((await fill(8 * 1024)).status).toBe(431)
  })

  test('requests in one piece are answered one after the other', async () => {
    await using world = await start()
    const socket = connect(world.hub.port, '127.0.0.1')
    socket.write('GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(3))
    let answers = ''
    socket.on('data', (piece) => {
      answers += piece
    })
    await expect.poll(() => answers.match(/200 OK/g)).toHaveLength(3)
    socket.destroy()
  })

  test('[T16] nonsense is answered and cut', async () => {
    await using world = await start()
    const socket = connect(world.hub.port, '127.0.0.1')
    socket.write('\x16\x03\x01\x02\x00 not http\r\n\r\n')
    let answer = ''
    for await (const chunk of socket) answer += chunk
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect((await ask(world, '/healthz')).status).toBe(200)
  })

  test('[T16] connections per address: at the limit and one above; then not ready', async () => {
    await using world = await start({ maxConnections: 3, maxPerAddress: 2 })
    const dial = () => dialWebSocket(`${world.hub.address.split('#')[0]}`, { clock: systemClock, signal })
    const first = await dial()
    await dial()
    await expect(dial()).rejects.toMatchObject({ code: 'unreachable' })
    expect(world.fake.links).toHaveLength(2)
    first.close()
    await world.fake.links[0]!.closed
    await expect
      .poll(() =>
        dial().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  test('[T16] behind a trusted proxy each client counts for itself', async () => {
    await using world = await start({ maxPerAddress: 1, trustProxy: true })
    const dial = (address: string) => upgrade(world, { 'x-forwarded-for': `6.6.6.6, ${address}` })
    expect(await dial('1.1.1.1')).toBe(101)
    expect(await dial('1.1.1.2')).toBe(101)
    expect(await dial('1.1.1.1')).toBe(503)
  })

  test('[T16] with few descriptors fewer are taken than the settings say', async () => {
    const descriptorLimit = (): number => reservedDescriptors + 2 * 64 + 1
    await using world = await start({}, probesWith({ descriptorLimit }))
    expect(await upgrade(world, {})).toBe(101)
    expect(await upgrade(world, {})).toBe(503)
  })

  test.for([
    ['memory', { memory: () => [{ usedBytes: 95, limitBytes: 100 }] }],
    ['descriptors', { descriptorLimit: () => 20_000, openDescriptors: () => 19_990 }],
  ] as const)('[T16] near the limit of %s nobody is taken, and it says so', async ([reason, changes]) => {
    await using world = await start({}, probesWith(changes))
    expect(await upgrade(world, {})).toBe(503)
    const { status, text } = await ask(world, '/readyz')
    expect([status, JSON.parse(text).accepting]).toEqual([503, reason])
  })

  test('[T16] on a disk that is nearly full nothing is fetched or promised, and it says so', async () => {
    await using world = await start({}, probesWith({ freeBytes: () => 100 }))
    const { dropBox, leases } = world.fake.hooks.services
    world.fake.hooks.admits(await testIdentity('alice'))
    expect([dropBox?.isFull?.(), leases?.isFull?.(), world.fake.watched.size]).toEqual([true, true, 0])
    expect(await upgrade(world, {})).toBe(101)
    const { status, text } = await ask(world, '/readyz')
    expect([status, JSON.parse(text)]).toEqual([503, { ready: false, storage: 'low', accepting: 'yes' }])
  })

  test('full is not ready', async () => {
    await using world = await start({ maxConnections: 1 })
    expect(await upgrade(world, {})).toBe(101)
    const { status, text } = await ask(world, '/readyz')
    expect([status, JSON.parse(text).accepting]).toEqual([503, 'full'])
  })
})

const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
}

async function upgrade({ hub }: World, headers: Record<string, string>): Promise<number> {
  const asked = request({
    host: '127.0.0.1',
    port: hub.port,
    path: '/effigy/1',
    agent: false,
    headers: { ...headers, ...upgradeHeaders },
  })
  asked.end()
  const { promise, resolve } = Promise.withResolvers<number>()
  asked.once('upgrade', (response) => resolve(response.statusCode ?? 0))
  asked.once('response', (response) => resolve(response.statusCode ?? 0))
  return promise
}

describe('starting and stopping', () => {
  test('a socket becomes a link of the peer, and its member is watched', async () => {
    await using world = await start()
    await dialWebSocket(world.hub.address.split('#')[0]!, { clock: systemClock, signal })
    expect(world.fake.links).toHaveLength(1)
    const [alice, bob] = [await testIdentity('alice'), await testIdentity('bob')]
    expect(world.fake.hooks.admits(alice)).toBe(true)
    world.fake.hooks.tracks(alice, [bob])
    expect([...world.fake.watched]).toEqual([alice, bob])
  })

  test('drains: nobody new, `bye stopping` to all, not ready; and takes them again', async () => {
    await using world = await start()
    world.fake.sessions.add(await testIdentity('alice'))
    await world.hub.drain.begin()
    expect([world.fake.goodbyes, world.fake.sessions.size]).toEqual([['stopping'], 0])
    const refused = await ask(world, '/effigy/1', { headers: upgradeHeaders })
    expect([refused.status, refused.headers['retry-after'], JSON.parse(refused.text)]).toEqual([
      503,
      '5',
      { error: 'draining' },
    ])
    const { status, text } = await ask(world, '/readyz')
    expect([status, JSON.parse(text).accepting]).toEqual([503, 'draining'])
    world.hub.drain.end()
    expect(await upgrade(world, {})).toBe(101)
  })

  test('stops: peer closed, links closed, port free; twice is once', async () => {
    const world = await start()
    const link = await dialWebSocket(world.hub.address.split('#')[0]!, { clock: systemClock, signal })
    const idle = connect(world.hub.port, '127.0.0.1')
    await once(idle, 'connect')
    world.fake.hooks.admits(await testIdentity('alice'))
    const stopped = Promise.all([world.hub[Symbol.asyncDispose](), world.hub[Symbol.asyncDispose]()])
    await stopped
    await link.closed
    expect([world.fake.closed, world.fake.goodbyes]).toEqual([true, ['stopping']])
    expect(world.fake.settings.get('hub.members')).toBe(await testIdentity('alice'))
    await expect(ask(world, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('what was watched for former members is let go', async () => {
    const [alice, bob] = [await testIdentity('alice'), await testIdentity('bob')]
    const fakes: FakePeer[] = []
    const deps = depsWith(fakes)
    await using _hub = await startHub(
      {
        ...deps,
        async openPeer(hooks) {
          const peer = await deps.openPeer(hooks)
          const fake = fakes[0]!
          for (const feed of [alice, bob]) {
            fake.held.set(feed, 1)
            fake.watched.add(feed)
          }
          fake.settings.set('hub.members', alice)
          return peer
        },
      },
      configWith({}),
    )
    expect([...fakes[0]!.watched]).toEqual([alice])
  })

  test('a port in use closes what was opened', async () => {
    await using world = await start()
    const fakes: FakePeer[] = []
    const second = startHub(depsWith(fakes), configWith({ port: world.hub.port }))
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(fakes[0]!.closed).toBe(true)
  })
})
