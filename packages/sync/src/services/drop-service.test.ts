/** The drop box over calls (V25), and when its answers leave (V22). */
import type { Identity } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import {
  bob,
  carol,
  createDropWorld as createWorld,
  friend,
  laptop,
  phone,
  someone,
  stranger,
} from '../../test/drop-kit.ts'
import { createDropService } from './drop-service.ts'
import type { ServiceCall } from './service.ts'

describe('[V25] the service', () => {
  const createService = (world = createWorld()) =>
    createDropService({ box: world.box, isFor: () => true, clock: world.clock })
  const call = (remote: Identity, value: ServiceCall['value'], bytes: Uint8Array = new Uint8Array(0)) => {
    const stop = new AbortController()
    const answers: unknown[] = []
    const answer: ServiceCall['answer'] = ({ value: given }) => answers.push(given)
    return {
      stop,
      answers,
      call: { remote, trust: 'friend', value, bytes, answer, signal: stop.signal } as const,
    }
  }

  test('put, listen, fetch, done', async () => {
    const world = createWorld()
    const { fresh, clock } = world
    const { methods } = createService(world)
    const passed = async <Value>(answer: Promise<Value>): Promise<Value> => {
      await clock.advance(200)
      return answer
    }
    const [one, two] = [fresh(), fresh()]
    const put = await passed(methods.put!(call(friend, { to: bob }, one).call))
    const listening = call(phone, {})
    const over = methods.listen!(listening.call)
    await passed(methods.put!(call(friend, { to: bob }, two).call))
    await passed(methods.put!(call(friend, { to: carol }, fresh()).call))
    const id = put.ok ? put.value.value.id! : ''
    expect(listening.answers).toMatchObject([
      { drops: [{ id, size: 100, friend: true }] },
      { drops: [{ size: 100 }] },
    ])
    expect(await methods.fetch!(call(phone, { id }).call)).toMatchObject({ value: { bytes: one } })
    for (const device of [phone, laptop]) await methods.done!(call(device, { ids: [id] }).call)
    expect(await methods.fetch!(call(phone, { id }).call)).toMatchObject({ error: { code: 'absent' } })
    listening.stop.abort()
    expect((await over).ok).toBe(true)
  })

  test('[V22] [T30] when the answer leaves depends on when the drop came, and on nothing else', async () => {
    const world = createWorld({ strangers: { items: 1, bytes: 1_000 } })
    const { clock, fresh } = world
    const { methods } = createService(world)
    await clock.advance(1_030)
    const answeredAt = new Map<string, number>()
    const put = (name: string, from: Identity, to: Identity) =>
      methods.put!(call(from, { to }, fresh()).call).then(() => answeredAt.set(name, clock.monotonic()))
    const answers = [
      put('kept', stranger, bob),
      put('box is full', stranger, bob),
      put('no such box', stranger, someone(99)),
      put('friend', friend, bob),
    ]
    for (let ms = 0; ms < 200; ms += 10) await clock.advance(10)
    await Promise.all(answers)
    expect(new Set(answeredAt.values())).toEqual(new Set([1_200]))
  })

  test('a device listens once: the next time ends the one before', async () => {
    const world = createWorld()
    const { methods } = createService(world)
    const [first, second] = [call(phone, {}), call(phone, {})]
    const over = methods.listen!(first.call)
    const last = methods.listen!(second.call)
    expect((await over).ok).toBe(true)
    world.box.put(friend, bob, world.fresh())
    expect([first.answers, second.answers]).toMatchObject([
      [{ drops: [] }],
      [{ drops: [] }, { drops: [{ size: 100 }] }],
    ])
    second.stop.abort()
    expect((await last).ok).toBe(true)
  })

  test('[T16] what is refused unread is answered at once, and waits nowhere', async () => {
    const { methods } = createService(createWorld({ dropBytes: 10 }))
    const long = await methods.put!(call(stranger, { to: bob }, new Uint8Array(11)).call)
    expect(long).toMatchObject({ error: { code: 'too-large' } })
  })

  test('[V6] a put that is cancelled leaves no timer behind', async () => {
    const world = createWorld()
    const { methods } = createService(world)
    const { call: given, stop } = call(stranger, { to: bob }, world.fresh())
    const over = methods.put!(given)
    expect(world.clock.pending()).toBe(1)
    stop.abort()
    await over
    expect(world.clock.pending()).toBe(0)
  })

  test.for([
    ['put', { to: 'nobody' }],
    ['put', {}],
    ['fetch', { id: 7 }],
    ['done', { ids: ['x'] }],
    ['done', { ids: Array.from({ length: 101 }, () => 'x') }],
    ['done', {}],
  ] as const)('%s %j is refused', async ([method, value]) => {
    const { methods } = createService()
    expect(await methods[method]!(call(phone, value as never).call)).toMatchObject({
      error: { code: 'bad-value' },
    })
  })

  test('a list of friends: at the limit and one above', async () => {
    const { methods } = createService(createWorld({ listedFriends: 3 }))
    const send = async (bytes: number) => {
      const result = await methods.friends!(call(phone, {}, new Uint8Array(bytes)).call)
      return result.ok ? 'ok' : result.error.code
    }
    expect([await send(96), await send(128), await send(33)]).toEqual(['ok', 'refused', 'bad-value'])
  })
})
