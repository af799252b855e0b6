/** Services over two halves that talk to each other directly (V1-V7, T16). */
import { err, type Identity, ok } from '@effigy/core'
import { createFakeClock, seededRandomBytes } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import type { FrameBytes } from '../frame.ts'
import { defaultServiceLimits, maxServices, type ServiceLimits } from '../limits.ts'
import type { Message } from '../messages.ts'
import { readProvided } from '../provided.ts'
import type { Trust } from '../replication/sharing.ts'
import { createCallClient } from './client.ts'
import { createHost } from './host.ts'
import { createRegistry } from './registry.ts'
import { atLeast, type Service } from './service.ts'

const never = new AbortController().signal

const echo: Service = {
  name: 'voice',
  isFor: atLeast('friend'),
  methods: {
    echo: async ({ value, bytes }) => ok({ value, bytes }),
    refuse: async () => err({ code: 'not-now', retryMs: 50 }),
    fail: async () => {
      throw new Error('a mistake of ours')
    },
    async count({ answer }) {
      answer({ value: { n: 1 } })
      answer({ value: { n: 2 } })
      return ok({ value: { n: 3 } })
    },
    hang: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(ok({ value: {} })))
      }),
  },
}

function createWorld(changes: Partial<ServiceLimits> = {}) {
  const clock = createFakeClock()
  const registry = createRegistry(['blobs', 'headtracking'])
  const limits = { ...defaultServiceLimits, ...changes }
  const sent: Message[] = []
  const told: (readonly string[])[] = []
  const failures: string[] = []
  const world = { trust: 'friend' as Trust }
  const host = createHost({
    registry,
    caller: () => ({ remote: 'did:key:zBob' as Identity, trust: world.trust }),
    kind: 'peer',
    metered: () => false,
    random: seededRandomBytes('services'),
    clock,
    limits,
    onFailure: (service) => failures.push(service),
    send(message, bytes = []) {
      sent.push(message)
      if (message.type === 'provides') told.push(readProvided(flat(bytes))?.services ?? [])
      queueMicrotask(() => client.take(message, flat(bytes)))
    },
  })
  const client = createCallClient({
    limits,
    send: (message, bytes = []) => queueMicrotask(() => host.take(message, flat(bytes))),
  })
  return { clock, registry, world, host, client, sent, told, failures }
}

function flat(bytes: FrameBytes): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : Uint8Array.from([...bytes].flatMap((part) => [...part]))
}

describe('what is provided', () => {
  test('[V1] goes by trust, and is told again when trust or the list changes', () => {
    const { host, registry, world, told } = createWorld()
    world.trust = 'stranger'
    registry.watch(() => host.provide())
    using _voice = registry.serve(echo)
    host.provide()
    world.trust = 'friend'
    host.provide()
    host.provide()
    registry.serve({ ...echo, name: 'video' })[Symbol.dispose]()
    expect(told).toEqual([
      ['blobs', 'headtracking'],
      ['blobs', 'headtracking', 'voice'],
      ['blobs', 'headtracking', 'voice', 'video'],
      ['blobs', 'headtracking', 'voice'],
    ])
  })

  test.for([
    ['stranger', 'contact', false],
    ['contact', 'contact', true],
    ['friend', 'own', false],
    ['own', 'friend', true],
  ] as const)('[V1] a %s, where %s is wanted: %s', ([trust, least, allowed]) => {
    expect(atLeast(least)({ remote: 'x' as Identity, trust })).toBe(allowed)
  })

  test('[V1] a name is served once, in its form, and not too many', () => {
    const registry = createRegistry(['blobs'])
    registry.serve(echo)
    for (const name of ['voice', 'blobs']) {
      expect(() => registry.serve({ ...echo, name })).toThrow(
        expect.objectContaining({ code: 'service-taken' }),
      )
    }
    expect(() => registry.serve({ ...echo, name: 'No' })).toThrow(
      expect.objectContaining({ code: 'service-name' }),
    )
    for (let index = 2; index < maxServices; index++) registry.serve({ ...echo, name: `x${index}` })
    expect(() => registry.serve({ ...echo, name: 'more' })).toThrow(
      expect.objectContaining({ code: 'too-many-services' }),
    )
  })
})

describe('calls', () => {
  test('[V4] value and bytes go there and back; one token does for many calls', async () => {
    const { client, registry, sent } = createWorld()
    registry.serve(echo)
    for (let n = 0; n < 3; n++) {
      const result = await client.call('voice', 'echo', { n }, { bytes: Uint8Array.of(n), signal: never })
      expect(result).toEqual(ok({ value: { n }, bytes: Uint8Array.of(n) }))
    }
    expect(sent.filter(({ type }) => type === 'providesservice')).toHaveLength(1)
  })

  test('[V4] several answers come in order', async () => {
    const { client, registry } = createWorld()
    registry.serve(echo)
    const heard: unknown[] = []
    const onAnswer = ({ value }: { readonly value: unknown }) => heard.push(value)
    const last = await client.call('voice', 'count', {}, { onAnswer, signal: never })
    expect([...heard, last.ok && last.value.value]).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  test.for([
    ['voice', 'refuse', 'not-now'],
    ['voice', 'fail', 'internal'],
    ['voice', 'toString', 'unknown-method'],
    ['video', 'echo', 'unknown-service'],
    ['blobs', 'echo', 'no-token'],
  ] as const)('[V5] %s %s: %s', async ([service, method, code]) => {
    const { client, registry, failures } = createWorld()
    registry.serve(echo)
    expect(await client.call(service, method, {}, { signal: never })).toMatchObject({
      ok: false,
      error: { code },
    })
    expect(failures).toEqual(code === 'internal' ? ['voice.fail'] : [])
    expect((await client.call('voice', 'echo', {}, { signal: never })).ok).toBe(true)
  })

  test('[V3] who may not have a service sees no difference to one that is not there', async () => {
    const { client, registry, world } = createWorld()
    registry.serve(echo)
    world.trust = 'stranger'
    const hidden = await client.call('voice', 'echo', {}, { signal: never })
    expect(hidden).toEqual(await client.call('none', 'echo', {}, { signal: never }))
  })

  test('[V3] a token ends with the trust that it was given for', async () => {
    const { client, registry, world, host } = createWorld()
    registry.serve(echo)
    await client.call('voice', 'echo', {}, { signal: never })
    world.trust = 'stranger'
    const before = await client.call('voice', 'echo', {}, { signal: never })
    host.provide()
    world.trust = 'friend'
    host.provide()
    const after = await client.call('voice', 'echo', {}, { signal: never })
    const again = await client.call('voice', 'echo', {}, { signal: never })
    expect([before, after, again].map((result) => (result.ok ? 'ok' : result.error.code))).toEqual([
      'unknown-service',
      'bad-token',
      'ok',
    ])
  })

  test('[V3] a refusal keeps its reason and time', async () => {
    const { client, registry } = createWorld()
    registry.serve({ ...echo, admit: () => ({ code: 'quota', retryMs: 60_000 }) })
    const result = await client.call('voice', 'echo', {}, { signal: never })
    expect(result).toEqual(err({ code: 'quota', retryMs: 60_000 }))
  })

  test('[M2] [T16] a refusal for 285,000 years is one for a day, and one for ever stays so', async () => {
    const { client, registry } = createWorld()
    for (const [told, heard] of [
      [Number.MAX_SAFE_INTEGER, 86_400_000],
      [null, null],
    ] as const) {
      using _serving = registry.serve({ ...echo, admit: () => ({ code: 'quota', retryMs: told }) })
      expect(await client.call('voice', 'echo', {}, { signal: never })).toEqual(
        err({ code: 'quota', retryMs: heard }),
      )
    }
  })

  test('[V3] a refusal is asked for again with each call, and ends the token', async () => {
    const { client, registry, host } = createWorld()
    let left = 2
    registry.serve({ ...echo, admit: () => (left > 0 ? null : { code: 'quota', retryMs: 5 }) })
    const ask = async () => {
      const result = await client.call('voice', 'echo', {}, { signal: never })
      return result.ok ? 'ok' : result.error.code
    }
    expect(await ask()).toBe('ok')
    left = 0
    expect(await ask()).toBe('quota')
    host.provide()
    left = 1
    expect([await ask(), await ask()]).toEqual(['bad-token', 'ok'])
  })

  test.for([
    ['trust falls', 'unknown-service'],
    ['it is served no more', 'unknown-service'],
    ['it is refused', 'quota'],
  ] as const)('[V6] a call that is under way ends when %s: %s', async ([why, code]) => {
    const { client, registry, host, world } = createWorld()
    registry.watch(() => host.provide())
    let isFull = false
    let heard: AbortSignal | null = null
    const serving = registry.serve({
      ...echo,
      admit: () => (isFull ? { code: 'quota', retryMs: null } : null),
      methods: {
        hang: ({ signal }) => {
          heard = signal
          return new Promise(() => {})
        },
      },
    })
    const hanging = client.call('voice', 'hang', {}, { signal: never })
    await expect.poll(() => host.pending).toBe(1)
    host.provide()
    expect(host.pending).toBe(1)
    if (why === 'trust falls') world.trust = 'contact'
    if (why === 'it is refused') isFull = true
    if (why === 'it is served no more') serving[Symbol.dispose]()
    else host.provide()
    expect(await hanging).toMatchObject({ ok: false, error: { code } })
    expect([host.pending, (heard as AbortSignal | null)?.aborted]).toEqual([0, true])
  })

  test('[V6] a cancelled call is heard of on the other side, and ends', async () => {
    const { client, registry, host } = createWorld()
    registry.serve(echo)
    const stop = new AbortController()
    const hanging = client.call('voice', 'hang', {}, { signal: stop.signal })
    await expect.poll(() => host.pending).toBe(1)
    stop.abort(new Error('enough'))
    await expect(hanging).rejects.toThrow('enough')
    await expect.poll(() => host.pending).toBe(0)
  })

  test('[V6] the end of the session ends every call', async () => {
    const { client, registry, host } = createWorld()
    registry.serve(echo)
    const hanging = client.call('voice', 'hang', {}, { signal: never })
    await expect.poll(() => host.pending).toBe(1)
    host[Symbol.dispose]()
    client[Symbol.dispose]()
    expect(await hanging).toMatchObject({ ok: false, error: { code: 'cut' } })
    expect(await client.call('voice', 'echo', {}, { signal: never })).toMatchObject({ ok: false })
  })
})

describe('[T16] limits', () => {
  const code = (messages: readonly Message[]) =>
    messages.map((message) => ('code' in message ? message.code : 'ok'))

  test('pending calls: at the limit and one above', async () => {
    const { client, registry, host, sent } = createWorld({ pendingCalls: 2 })
    registry.serve(echo)
    host.take({ type: 'wantservice', id: 1, service: 'voice' }, new Uint8Array(0))
    const token = (sent[0] as { readonly token: string }).token
    for (const id of [2, 3, 4]) {
      host.take({ type: 'call', id, service: 'voice', token, method: 'hang', value: {} }, new Uint8Array(0))
    }
    expect(code(sent)).toEqual(['ok', 'busy'])
    expect(host.pending).toBe(2)
    client[Symbol.dispose]()
  })

  test('calls a second: the burst, one above, and again after the time told', async () => {
    const { registry, host, sent, clock } = createWorld({ callBurst: 3, callsPerSecond: 10 })
    registry.serve(echo)
    const want = (id: number) => host.take({ type: 'wantservice', id, service: 'voice' }, new Uint8Array(0))
    for (let id = 1; id <= 4; id++) want(id)
    expect(code(sent)).toEqual(['ok', 'ok', 'ok', 'too-fast'])
    const { retry } = sent[3] as { readonly retry: number }
    await clock.advance(retry + 100)
    want(5)
    expect(code(sent).at(-1)).toBe('ok')
  })

  test('[V7] tokens: at the limit and one above', () => {
    const { registry, host, sent } = createWorld({ tokens: 2 })
    for (const name of ['a', 'b', 'c']) registry.serve({ ...echo, name })
    for (const [index, service] of ['a', 'b', 'a', 'c'].entries()) {
      host.take({ type: 'wantservice', id: index + 1, service }, new Uint8Array(0))
    }
    expect(code(sent)).toEqual(['ok', 'ok', 'ok', 'too-many'])
  })

  test('[V7] size of value and bytes: at the limit and one above', async () => {
    const { client, registry } = createWorld({ valueBytes: 20, callBytes: 5 })
    registry.serve(echo)
    const ask = async (text: string, bytes: number) => {
      const result = await client.call(
        'voice',
        'echo',
        { text },
        { bytes: new Uint8Array(bytes), signal: never },
      )
      return result.ok ? 'ok' : result.error.code
    }
    expect([await ask('123456789', 5), await ask('1234567890', 5), await ask('', 6)]).toEqual([
      'ok',
      'too-large',
      'too-large',
    ])
  })
})

test('[V5] a false token, at any length of the right one, is refused', () => {
  const { registry, host, sent } = createWorld()
  registry.serve(echo)
  host.take({ type: 'wantservice', id: 1, service: 'voice' }, new Uint8Array(0))
  const token = (sent[0] as { readonly token: string }).token
  const wrong = [token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')), token.slice(0, -1), '']
  for (const [index, given] of wrong.entries()) {
    host.take(
      { type: 'call', id: index + 2, service: 'voice', token: given, method: 'echo', value: {} },
      new Uint8Array(0),
    )
  }
  expect(sent.slice(1)).toHaveLength(3)
  for (const message of sent.slice(1)) expect(message).toMatchObject({ type: 'error', code: 'bad-token' })
})
