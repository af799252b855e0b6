import { once } from 'node:events'
import { connect } from 'node:net'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { json } from './answer.ts'
import type { Asked } from './asked.ts'
import { bodyMs, maxBodies } from './body.ts'
import { createHttpServer } from './server.ts'

const maxBytes = 64

/** A server that gives back what it read; its clock stands still until `pass` is called. */
async function world(trustProxy = false) {
  const timers = new Set<{ readonly ms: number; readonly run: () => void }>()
  const asks: Asked[] = []
  const clock = {
    ...systemClock,
    after(ms: number, run: () => void) {
      const timer = { ms, run }
      timers.add(timer)
      return { [Symbol.dispose]: () => void timers.delete(timer) }
    },
  }
  const http = createHttpServer({
    places: { connections: 100, waiting: 64 },
    trustProxy,
    isSecure: false,
    clock,
    log: silentLog,
    async answer(asked) {
      asks.push(asked)
      const read = await asked.readJson(maxBytes)
      return read.ok ? json(200, read.value) : json(read.error.status, { error: read.error.code })
    },
  })
  http.server.listen(0, '127.0.0.1')
  await once(http.server, 'listening')
  const { port } = http.server.address() as { readonly port: number }
  const pass = (ms: number): void => {
    for (const timer of [...timers]) if (timer.ms <= ms) timer.run()
  }
  return {
    port,
    asks,
    timers,
    pass,
    async [Symbol.asyncDispose]() {
      http.refuse()
      http.server.closeAllConnections()
    },
  }
}

type World = Awaited<ReturnType<typeof world>>

function open({ port }: World) {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (piece) => (text += piece))
  socket.on('error', () => {})
  const over = once(socket, 'close').catch(() => [])
  return { socket, text: () => text, over }
}

const head = (headers: Readonly<Record<string, string | number>>): string =>
  `POST /admin/x HTTP/1.1\r\nHost: h\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

const jsonType = { 'Content-Type': 'application/json' }

async function post(at: World, headers: Readonly<Record<string, string | number>>, body: string) {
  const line = open(at)
  line.socket.write(head({ Connection: 'close', ...headers }) + body)
  await line.over
  return line.text()
}

test('a whole body is read, and the connection stays for the next one', async () => {
  await using at = await world()
  const line = open(at)
  const body = '{"a":[1,"é"]}'
  const request = head({ ...jsonType, 'Content-Length': new TextEncoder().encode(body).length }) + body
  line.socket.write(request)
  await expect.poll(line.text).toContain('{"a":[1,"é"]}\n')
  line.socket.write(request)
  await expect.poll(() => line.text().match(/200 OK/g)).toHaveLength(2)
  expect(line.text()).not.toContain('Connection: close')
  line.socket.destroy()
})

test('[T16] bytes: at the limit and one above, which is not read', async () => {
  await using at = await world()
  const body = (length: number) => `"${'x'.repeat(length - 2)}"`
  const ask = (length: number) => post(at, { ...jsonType, 'Content-Length': length }, body(length))
  expect(await ask(maxBytes)).toContain('200 OK')
  const refused = await ask(maxBytes + 1)
  expect(refused).toContain('413 ')
  expect(refused).toContain('Connection: close')
})

test.for([
  [{ 'Transfer-Encoding': 'chunked', ...jsonType }, '2\r\n{}\r\n0\r\n\r\n', '411 ', 'length-needed'],
  [{ 'Content-Length': 2 }, '{}', '415 ', 'json-needed'],
  [{ 'Content-Length': 2, 'Content-Type': 'text/plain' }, '{}', '415 ', 'json-needed'],
  [{ 'Content-Length': 2, 'Content-Type': 'application/x-www-form-urlencoded' }, '{}', '415 ', 'json-needed'],
  [{ 'Content-Length': 2, 'Content-Type': 'application/json-seq' }, '{}', '415 ', 'json-needed'],
  [{ 'Content-Length': 2, 'Content-Encoding': 'gzip', ...jsonType }, '{}', '415 ', 'json-needed'],
  [{ 'Content-Length': 1, ...jsonType }, '{', '400 ', 'not-json'],
  [{ 'Content-Length': 0, ...jsonType }, '', '400 ', 'not-json'],
  [{ 'Content-Length': 5, ...jsonType }, '\ufeff{}', '400 ', 'not-json'],
] as const)('%j %j is refused', async ([headers, body, status, code]) => {
  await using at = await world()
  const answer = await post(at, headers, body)
  expect(answer).toContain(status)
  expect(answer).toContain(code)
})

test('[T16] one request of a socket at a time: who does not wait is cut', async () => {
  await using at = await world()
  const line = open(at)
  const one = `${head({ ...jsonType, 'Content-Length': 2 })}{}`
  line.socket.write(one.repeat(3))
  await line.over
  expect([at.asks.length, line.text()]).toEqual([1, ''])
})

test.for([
  'Content-Length: 2\r\nTransfer-Encoding: chunked',
  'Content-Length: 2\r\nContent-Length: 30',
  'Content-Length: +2',
  'Content-Length: 2, 2',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding : chunked',
])('[T16] two ends of one body (%j): nothing of it is a request', async (headers) => {
  await using at = await world()
  const line = open(at)
  line.socket.write(
    `POST /admin/x HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n${headers}\r\n\r\n{}GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n`,
  )
  await line.over
  expect(at.asks.map(({ target }) => target)).not.toContain('/smuggled')
  expect(line.text()).toMatch(/^HTTP\/1\.1 4/)
})

test('[T16] who trickles is answered in time and cut; who goes leaves nothing', async () => {
  await using at = await world()
  const slow = open(at)
  slow.socket.write(`${head({ ...jsonType, 'Content-Length': 20 })}{`)
  const gone = open(at)
  gone.socket.write(`${head({ ...jsonType, 'Content-Length': 20 })}{`)
  await expect.poll(() => at.asks.length).toBe(2)
  await expect.poll(() => [...at.timers].filter(({ ms }) => ms === bodyMs).length).toBe(2)
  gone.socket.destroy()
  await expect.poll(() => [...at.timers].filter(({ ms }) => ms === bodyMs).length).toBe(1)
  at.pass(bodyMs)
  await slow.over
  expect(slow.text()).toContain('408 ')
  expect(slow.text()).toContain('Connection: close')
})

test('[T16] bodies at once: at the limit all are waited for; one above, and the oldest is cut off', async () => {
  await using at = await world()
  const waiting = () => [...at.timers].filter(({ ms }) => ms === bodyMs).length
  const begin = async (count: number) => {
    const line = open(at)
    line.socket.write(`${head({ ...jsonType, 'Content-Length': 20 })}{`)
    await expect.poll(waiting).toBe(count)
    return line
  }
  const lines = []
  for (let count = 1; count <= maxBodies; count++) lines.push(await begin(count))
  expect(lines[0]?.text()).toBe('')
  expect(await post(at, { ...jsonType, 'Content-Length': 2 }, '{}')).toContain('200 OK')
  await lines[0]?.over
  expect([lines[0]?.text().includes('408 '), lines[1]?.text()]).toEqual([true, ''])
  for (const { socket } of lines) socket.destroy()
})

test.for([
  [{}, false, { isLocal: true, isSecure: false }],
  [{ 'X-Forwarded-For': '9.9.9.9' }, false, { isLocal: false, isSecure: false }],
  [{ Forwarded: 'for=9.9.9.9' }, false, { isLocal: false, isSecure: false }],
  [{ Via: '1.1 proxy' }, true, { isLocal: false, isSecure: false }],
  [{ 'X-Forwarded-Proto': 'https' }, false, { isLocal: false, isSecure: false }],
  [
    { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '9.9.9.9' },
    true,
    { isLocal: false, isSecure: true, address: '9.9.9.9' },
  ],
] as const)('who stands there: %j, trusted %s', async ([headers, trustProxy, expected]) => {
  await using at = await world(trustProxy)
  await post(at, { 'Content-Length': 2, ...jsonType, ...headers }, '{}')
  expect(at.asks[0]).toMatchObject(expected)
})
