import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { defaultServiceLimits } from '../limits.ts'
import type { Message } from '../messages.ts'
import { createCallClient } from './client.ts'

const never = new AbortController().signal

/** A session whose other side gives tokens at once, and answers calls where `isAnswering`. */
function sessionThat({ isAnswering }: { readonly isAnswering: boolean }) {
  const answers: WeakRef<Uint8Array>[] = []
  const client = createCallClient({
    limits: defaultServiceLimits,
    send(message: Message) {
      if (!isAnswering) return
      queueMicrotask(() => {
        if (message.type === 'wantservice') {
          const { id, service } = message
          const given = { type: 'providesservice', re: id, end: true, service, token: 'token' } as const
          client.take(given, new Uint8Array())
        }
        if (message.type !== 'call') return
        const bytes = new Uint8Array(10_000)
        answers.push(new WeakRef(bytes))
        client.take({ type: 'answer', re: message.id, value: {}, end: true }, bytes)
      })
    },
  })
  return { client, answers }
}

test('[V3] what was answered is held by nobody while the session stands', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { client, answers } = sessionThat({ isAnswering: true })
  for (let at = 0; at < 20; at++) {
    const answer = await client.call('echo', 'say', {}, { signal: never })
    expect(answer.ok && answer.value.bytes.length).toBe(10_000)
  }
  // A weak reference that was looked at, or made, stays for its turn.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  const held = answers.filter((answer) => answer.deref() !== undefined)
  expect(answers.length).toBe(20)
  // The last one may still stand in a register.
  expect(held.length).toBeLessThanOrEqual(1)
  client[Symbol.dispose]()
})

test('[V3] all that is waited for ends with the session', async () => {
  const { client } = sessionThat({ isAnswering: false })
  const cut = { ok: false, error: { code: 'cut', retryMs: 0 } }
  const waiting = [
    client.call('echo', 'say', {}, { signal: never }),
    client.token('echo'),
    client.join(new Uint8Array(3), never),
  ]
  client[Symbol.dispose]()
  expect(await Promise.all(waiting)).toMatchObject([cut, cut, cut])
  expect(await client.call('echo', 'say', {}, { signal: never })).toMatchObject(cut)
})
