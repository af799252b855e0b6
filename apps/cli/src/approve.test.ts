/** `effigy recovery approve` before a peer that has one request: what it says of words that are not its. */
import { PassThrough } from 'node:stream'
import type { ShareRequestView } from '@effigy/peer'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { Context } from './context.ts'
import { createProgram } from './program.ts'

const words = 'legal winner thank year wave sausage'
const request = { id: 'one', name: 'Alice', identity: 'did:key:z6Mk', words, receivedAt: 0, account: null }

async function approve(...typed: readonly string[]) {
  const clock = createFakeClock()
  const noted: string[] = []
  const approved: string[] = []
  const views = async function* (signal: AbortSignal) {
    yield { requests: [request as unknown as ShareRequestView] }
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  const peer = {
    recovery: {
      views,
      show: () => ({ held: [] }),
      approve: (id: string) => void approved.push(id),
    },
    settled: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const stop = new AbortController()
  const context = {
    io: { clock, stdin: new PassThrough() },
    config: { hubs: [], settings: { timeout: 5 } },
    signal: stop.signal,
    output: { note: (line: string) => noted.push(line), line() {}, json() {} },
    openPeer: () => Promise.resolve(peer),
  } as unknown as Context
  const out = { write: () => true } as unknown as NodeJS.WriteStream
  const program = createProgram({ stdout: out, stderr: out }, (_command, work) => work(context))
  const done = program.parseAsync(['recovery', 'approve', ...typed], { from: 'user' }).then(
    () => null,
    (error: { readonly code?: string }) => error.code,
  )
  await clock.advance(1_000_000)
  return { code: await done, noted, approved }
}

test('[Z26] words that no request has are told, and nothing is given', async () => {
  const other = words.replace('legal', 'useful')
  const late = await approve('--words', other)
  expect(late).toMatchObject({ code: 'words-differ', approved: [] })
  expect(late.noted.join('\n')).toContain('other words than yours')
  expect(late.noted.join('\n')).not.toContain(words)
  expect(await approve('one', '--words', other)).toMatchObject({ code: 'words-differ', approved: [] })
  expect(await approve('--words', 'legal winner')).toMatchObject({ code: 'words-count', approved: [] })
})

test('[Z26] the right ones are enough, in whatever way they are written', async () => {
  expect(await approve('--words', ` ${words.toUpperCase().replaceAll(' ', ', ')} `)).toMatchObject({
    code: null,
    approved: ['one'],
  })
})
