/** What every `Link` must do (`packages/sync/src/link.ts`). */
import type { Link } from '@effigy/sync'
import { expect, test } from 'vitest'

export interface OpenPair extends AsyncDisposable {
  readonly links: readonly [Link, Link]
}

export interface LinkTraits {
  /** Whether a reader that does not read keeps bytes waiting at the sender. */
  readonly slowsSenderDown: boolean
  /** Bytes of the longest frame that it takes. */
  readonly longest?: number
  /** Frames of a megabyte that are sent to who does not read; more than 16 MiB of them stay. */
  readonly unread?: number
}

const never = new AbortController().signal

export function linkContract(openPair: () => Promise<OpenPair>, traits: LinkTraits): void {
  const { longest = 1024 * 1024 + 16, unread = 64 } = traits
  const large = Math.min(longest, 1024 * 1024)
  test('frames arrive whole, in order, from one byte to the longest', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    const sizes = [1, 2, 125, 126, 65_535, 65_536, longest, 3]
    for (const [index, size] of sizes.entries()) a.send(new Uint8Array(size).fill(index + 1))
    const received = await take(b, sizes.length)
    expect(received.map((frame) => frame.length)).toEqual(sizes)
    expect(received.map((frame) => frame.at(-1))).toEqual(sizes.map((_, index) => index + 1))
  })

  test('frames are plain Uint8Arrays: slice copies', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    a.send(Uint8Array.of(1, 2, 3))
    const [frame] = await take(b, 1)
    expect(Object.getPrototypeOf(frame)).toBe(Uint8Array.prototype)
  })

  test('both directions at once', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    for (let value = 0; value < 50; value++) {
      a.send(Uint8Array.of(value))
      b.send(Uint8Array.of(value))
    }
    const [atA, atB] = await Promise.all([take(a, 50), take(b, 50)])
    expect(atA.map((frame) => frame[0])).toEqual(atB.map((frame) => frame[0]))
  })

  test('both ends have the same binding', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    expect(a.binding.length).toBeGreaterThan(0)
    expect(a.binding).toEqual(b.binding)
  })

  test('what was sent before a close still arrives; then the reader ends', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    a.send(Uint8Array.of(1))
    a.send(Uint8Array.of(2))
    a.close('good-night')
    expect((await all(b)).map((frame) => frame[0])).toEqual([1, 2])
    expect(await b.closed).toEqual({ code: 'good-night' })
    expect(await a.closed).toEqual({ code: 'good-night' })
  })

  test('closing ends the own reader at once; sending and closing again do nothing', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    const reading = all(a)
    a.close()
    a.close('again')
    a.send(Uint8Array.of(1))
    expect(await reading).toEqual([])
    expect(await all(b)).toEqual([])
    expect(await a.closed).toEqual({ code: 'closed' })
    expect(a.bufferedBytes).toBe(0)
    await a.drained(never)
  })

  test('drained resolves when everything left', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    await a.drained(never)
    for (let count = 0; count < 8; count++) a.send(new Uint8Array(256 * 1024))
    expect(a.bufferedBytes).toBeGreaterThan(0)
    const reading = take(b, 8)
    await a.drained(never)
    expect(a.bufferedBytes).toBe(0)
    await reading
  })

  test.runIf(traits.slowsSenderDown)(
    '[T16] a reader that never reads keeps the bytes at the sender',
    async () => {
      await using pair = await openPair()
      const [a, b] = pair.links
      for (let count = 0; count < unread; count++) a.send(new Uint8Array(large))
      const patience = new AbortController()
      const waiting = a.drained(patience.signal)
      b.send(Uint8Array.of(1))
      await take(a, 1)
      expect(a.bufferedBytes).toBeGreaterThan(16 * 1024 * 1024)
      patience.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
      const rest = take(b, unread)
      await a.drained(never)
      expect((await rest).length).toBe(unread)
    },
  )

  test('drained rejects with the reason of a signal that is aborted already', async () => {
    await using pair = await openPair()
    await expect(pair.links[0].drained(AbortSignal.abort(new Error('no')))).rejects.toThrow('no')
  })

  test('drained resolves when the link is closed', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    for (let count = 0; count < unread; count++) a.send(new Uint8Array(large))
    const waiting = a.drained(never)
    b.close()
    await waiting
  })
}

export async function take(link: Link, count: number): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  for await (const frame of link.receive()) {
    frames.push(frame)
    if (frames.length === count) break
  }
  return frames
}

export async function all(link: Link): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  for await (const frame of link.receive()) frames.push(frame)
  return frames
}
