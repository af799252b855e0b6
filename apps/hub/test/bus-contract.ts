/**
 * What every `Bus` does.
 *
 * @module
 */
import { describe, expect, test } from 'vitest'
import { type Bus, type BusMessage, maxMessageBytes, maxUnread, maxUnreadBytes } from '../src/ports/bus.ts'

/** `open` gives a bus that nobody else uses. */
export function busContract(open: () => Promise<Bus>): void {
  const signal = AbortSignal.timeout(60_000)

  describe('publish and subscribe', () => {
    test('everybody whose pattern fits hears it, in order; nobody else, and nothing from before', async () => {
      await using bus = await open()
      bus.publish('a.b', bytesOf('before'))
      // Of one connection what follows cannot overtake it.
      const exact = await reader(bus, 'a.b')
      const any = await reader(bus, 'a.*')
      const first = await reader(bus, '*.b')
      const other = await reader(bus, 'a')
      for (const word of ['1', '2', '3']) bus.publish('a.b', bytesOf(word))
      bus.publish('a.c', bytesOf('4'))
      bus.publish('a', bytesOf('5'))
      bus.publish('a.b.c', bytesOf('nobody'))
      for (const word of ['1', '2', '3']) {
        for (const read of [exact, any, first]) expect(await read()).toBe(`a.b ${word}`)
      }
      expect(await any()).toBe('a.c 4')
      expect(await other()).toBe('a 5')
    })

    test('the largest message fits, and is the caller’s no more', async () => {
      await using bus = await open()
      const messages = await bus.subscribe('a', signal)
      const data = new Uint8Array(maxMessageBytes).fill(7)
      bus.publish('a', data)
      data.fill(0)
      for await (const message of messages) {
        expect(message.data.length).toBe(maxMessageBytes)
        expect(message.data.every((byte) => byte === 7)).toBe(true)
        expect([message.missed, message.reply]).toEqual([0, null])
        break
      }
      expect(() => bus.publish('a', new Uint8Array(maxMessageBytes + 1))).toThrow(RangeError)
    })

    test('no subject, no pattern: mistakes of the caller', async () => {
      await using bus = await open()
      for (const subject of ['', '.', 'a.', '.a', 'a..b', 'a b', 'ä', 'a.>', 'a*', 'a'.repeat(201)]) {
        expect(() => bus.publish(subject, bytesOf(''))).toThrow(RangeError)
        await expect(bus.subscribe(subject, signal)).rejects.toThrow(RangeError)
        await expect(bus.request(subject, bytesOf(''), 1000, signal)).rejects.toThrow(RangeError)
      }
      expect(() => bus.publish('a.*', bytesOf(''))).toThrow(RangeError)
    })

    test('of more than a slow reader may have waiting the oldest are dropped, and it is told how many', async () => {
      await using bus = await open()
      const messages = (await bus.subscribe('a', signal))[Symbol.asyncIterator]()
      const done = await reader(bus, 'done')
      for (let at = 0; at < maxUnread + 5; at++) bus.publish('a', bytesOf(`${at}`))
      bus.publish('done', bytesOf(''))
      await done()
      const first: BusMessage = (await messages.next()).value
      expect([textOf(first.data), first.missed]).toEqual(['5', 5])
      const second: BusMessage = (await messages.next()).value
      expect([textOf(second.data), second.missed]).toEqual(['6', 0])
    })

    test('large ones are dropped sooner', async () => {
      await using bus = await open()
      const messages = (await bus.subscribe('a', signal))[Symbol.asyncIterator]()
      const done = await reader(bus, 'done')
      const fitting = maxUnreadBytes / maxMessageBytes
      for (let at = 0; at < fitting + 1; at++) bus.publish('a', new Uint8Array(maxMessageBytes).fill(at))
      bus.publish('done', bytesOf(''))
      await done()
      const first: BusMessage = (await messages.next()).value
      expect([first.data[0], first.missed]).toEqual([1, 1])
    })

    test('a subscription ends with its signal, or when its reader leaves', async () => {
      await using bus = await open()
      const stop = new AbortController()
      const messages = (await bus.subscribe('a', stop.signal))[Symbol.asyncIterator]()
      const waiting = messages.next()
      stop.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
      expect(await bus.request('a', bytesOf('?'), 1000, signal)).toEqual(failed('nobody'))
      const left = await bus.subscribe('a', signal)
      bus.publish('a', bytesOf('!'))
      for await (const _ of left) break
      expect(await bus.request('a', bytesOf('?'), 1000, signal)).toEqual(failed('nobody'))
    })
  })

  describe('request and reply', () => {
    test('the first answer counts', async () => {
      await using bus = await open()
      const messages = (await bus.subscribe('sum.*', signal))[Symbol.asyncIterator]()
      const asked = bus.request('sum.two', bytesOf('1+1'), 10_000, signal)
      const message: BusMessage = (await messages.next()).value
      expect([message.subject, textOf(message.data)]).toEqual(['sum.two', '1+1'])
      message.reply?.(bytesOf('2'))
      message.reply?.(bytesOf('3'))
      const answer = await asked
      expect(answer.ok && textOf(answer.value)).toBe('2')
    })

    test('nobody there, nobody answers, nobody waits any more', async () => {
      await using bus = await open()
      expect(await bus.request('a', bytesOf('?'), 10_000, signal)).toEqual(failed('nobody'))
      const messages = (await bus.subscribe('a', signal))[Symbol.asyncIterator]()
      expect(await bus.request('a', bytesOf('?'), 20, signal)).toEqual(failed('timed-out'))
      const late: BusMessage = (await messages.next()).value
      late.reply?.(bytesOf('too late'))
      const stop = new AbortController()
      const asked = bus.request('a', bytesOf('?'), 10_000, stop.signal)
      stop.abort(new Error('enough'))
      await expect(asked).rejects.toThrow('enough')
    })
  })

  test('after disposal everything is closed', async () => {
    const bus = await open()
    const messages = (await bus.subscribe('a', signal))[Symbol.asyncIterator]()
    const waiting = messages.next()
    waiting.catch(() => {})
    const asked = bus.request('a', bytesOf('?'), 10_000, signal)
    asked.catch(() => {})
    await bus[Symbol.asyncDispose]()
    await bus[Symbol.asyncDispose]()
    const closed = { code: 'closed' }
    await expect(asked).rejects.toMatchObject(closed)
    // It may have read the question before.
    await expect(waiting.then(() => messages.next())).rejects.toMatchObject(closed)
    expect(() => bus.publish('a', bytesOf(''))).toThrow(expect.objectContaining(closed))
    await expect(bus.subscribe('a', signal)).rejects.toMatchObject(closed)
    await expect(bus.request('a', bytesOf(''), 1000, signal)).rejects.toMatchObject(closed)
  })

  /** One message after the other, as `subject text`. */
  async function reader(bus: Bus, pattern: string): Promise<() => Promise<string>> {
    const messages = (await bus.subscribe(pattern, signal))[Symbol.asyncIterator]()
    return async () => {
      const message: BusMessage = (await messages.next()).value
      return `${message.subject} ${textOf(message.data)}`
    }
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const failed = (type: string) => ({ ok: false, error: { type } })
