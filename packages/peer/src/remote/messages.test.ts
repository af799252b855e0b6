import { silentLog } from '@effigy/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serveClient } from './host.ts'
import { decodeToClient, decodeToHost, maxPieceBytes, maxReadAhead } from './messages.ts'
import type { Port } from './port.ts'
import { parseTabMessage, parseToWorker } from './tab-messages.ts'

const call = { type: 'call', id: 1, target: 0, path: 'part.ask', args: [], slots: [] }

describe('messages of a port', () => {
  test('[O5] whatever comes, the parsers give a verdict and never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ type: fc.string(), id: fc.anything() })), (message) => {
        for (const decode of [decodeToHost, decodeToClient]) expect(typeof decode(message).ok).toBe('boolean')
        for (const parse of [parseTabMessage, parseToWorker]) parse(message)
      }),
    )
  })

  test.for([
    ['a path that is too long', { ...call, path: 'a'.repeat(65) }],
    ['an id that is none', { ...call, id: 0 }],
    ['an id that is a fraction', { ...call, id: 1.5 }],
    ['arguments that are no list', { ...call, args: {} }],
    ['too many arguments', { ...call, args: new Array(9).fill(0) }],
    ['a slot beyond the arguments', { ...call, slots: [{ argument: 0, name: 'signal' }] }],
    ['a slot of another name', { ...call, args: [{}], slots: [{ argument: 0, name: 'toString' }] }],
    ['more items than may be ahead', { type: 'next', id: 1, count: maxReadAhead + 1 }],
    ['a piece that is too large', { type: 'piece', source: 1, bytes: new Uint8Array(maxPieceBytes + 1) }],
    ['a piece that is no bytes', { type: 'piece', source: 1, bytes: 'abc' }],
    ['null', null],
    ['a list', [call]],
  ] as const)('[O5] malformed: %s', ([, message]) => {
    expect(decodeToHost(message)).toEqual({ ok: false, error: { code: 'port-malformed', id: 0 } })
  })
})

describe('a client that is not of ours', () => {
  function serve(): {
    readonly said: unknown[]
    hear(message: unknown): void
    readonly ended: Promise<string>
  } {
    const said: unknown[] = []
    let hear: (message: unknown) => void = () => {}
    const port: Port = {
      post: (message) => void said.push(message),
      listen: (heard) => {
        hear = heard
      },
      close: () => {},
    }
    const part = { ask: () => 'answer', flow: async function* () {} }
    const host = serveClient({
      port,
      table: { part: { ask: 'read', flow: 'stream' } },
      root: () => ({ part }),
      sources: new Map(),
      log: silentLog,
    })
    return { said, hear: (message) => hear(message), ended: host.ended }
  }

  test('[O5] a malformed message ends it, with a code', async () => {
    const { hear, ended, said } = serve()
    hear({ type: 'call' })
    expect(await ended).toBe('port-malformed')
    expect(said).toEqual([{ type: 'over', code: 'port-malformed' }])
  })

  test('[O5] what a newer version may say is answered, and nothing ends', async () => {
    const { hear, said } = serve()
    hear({ type: 'subscribe-to-all', id: 7 })
    expect(said).toMatchObject([{ type: 'error', id: 7, code: 'port-unknown' }])
    hear(call)
    await expect.poll(() => said.at(-1)).toEqual({ type: 'result', id: 1, value: 'answer' })
  })

  test.for([
    ['a call of the same id as one that is under way', [call, call]],
    [
      'more credit than may be ahead',
      [
        { ...call, path: 'part.flow' },
        { type: 'next', id: 1, count: 8 },
        { type: 'next', id: 1, count: 8 },
      ],
    ],
  ] as const)('[O7] it ends by %s', async ([, messages]) => {
    const { hear, ended } = serve()
    for (const message of messages) hear(message)
    expect(await ended).toBe('port-malformed')
  })
})
