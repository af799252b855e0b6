/** Asking the host of an alias (W23): what it may send, and where it may lead. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createFetchAlias } from '../joining/fetch-alias.ts'
import { fetchAlias, isPrivateAddress } from './fetch-alias.ts'

const never = new AbortController().signal
const options = { isLocal: true, maxBytes: 100, signal: never }

async function serving(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe.each([
  ['of Node', fetchAlias],
  ['of a browser', createFetchAlias(fetch)],
] as const)('%s', (_name, ask) => {
  test('[W23] gives status and body', async () => {
    await using server = await serving((_, response) => void response.writeHead(429).end('{}'))
    expect(await ask(server.url, options)).toEqual({
      ok: true,
      value: { status: 429, body: new Uint8Array(Buffer.from('{}')) },
    })
  })

  test('[W23] follows no redirect', async () => {
    let asked = 0
    await using server = await serving((_, response) => {
      asked++
      response.writeHead(302, { Location: '/again' }).end()
    })
    expect(await ask(server.url, options)).toEqual({ ok: false, error: { code: 'alias-redirect' } })
    expect(asked).toBe(1)
  })

  test('[W23] [T16] reads no more than it said', async () => {
    await using server = await serving((_, response) => {
      response.writeHead(200)
      const send = (): void => {
        if (response.write('x'.repeat(1000))) setImmediate(send)
        else response.once('drain', send)
      }
      send()
    })
    expect(await ask(server.url, options)).toEqual({ ok: false, error: { code: 'alias-bad-answer' } })
  })

  test('[W23] [T16] an answer that never ends is left when its time is over', async () => {
    const late = new AbortController()
    await using server = await serving((_, response) => {
      response.writeHead(200).write('{')
      late.abort(new Error('late'))
    })
    await expect(ask(server.url, { ...options, signal: late.signal })).rejects.toThrow('late')
  })

  test('[W23] an answer that is cut is none', async () => {
    await using server = await serving((_, response) => {
      response.writeHead(200, { 'Content-Length': 50 }).write('{')
      response.socket?.destroy()
    })
    expect(await ask(server.url, options)).toEqual({ ok: false, error: { code: 'alias-unreachable' } })
  })
})

test('[W23] asks no private address that nobody typed', async () => {
  let asked = 0
  await using server = await serving((_, response) => {
    asked++
    response.end()
  })
  const port = new URL(server.url).port
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]']) {
    const told = await fetchAlias(`http://${host}:${port}/`, { ...options, isLocal: false })
    expect(told).toEqual({ ok: false, error: { code: 'alias-private' } })
  }
  expect(asked).toBe(0)
})

test('[W23] which addresses are private', () => {
  const ours = [
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ]
  const ours6 = [
    '::',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:8.8.8.8',
    '64:ff9b::1',
    '2001:db8::1',
    '2002:a00::1',
    'x',
  ]
  expect([...ours, ...ours6].filter((address) => !isPrivateAddress(address))).toEqual([])
  expect(['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1', '172.32.0.1'].filter(isPrivateAddress)).toEqual(
    [],
  )
})
