import { EffigyError } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import type { Link } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { dialAll, type Way } from './dial-all.ts'

const ways = ['nowhere', 'slow', 'near'].map((address): Way => ({ address }))

function world() {
  const clock = createFakeClock()
  const dialled: [string, number][] = []
  const links = new Map<string, Link>()
  /** `nowhere` takes ten seconds to say no, `slow` one to say yes. */
  async function dial(address: string): Promise<Link> {
    dialled.push([address, clock.monotonic()])
    const ms = { nowhere: 10_000, slow: 1_000, near: 10 }[address] ?? 0
    await new Promise<void>((resolve) => clock.after(ms, resolve))
    if (address === 'nowhere') throw new EffigyError('unreachable', 'nobody')
    const [link] = memoryPair()
    links.set(address, link)
    return link
  }
  return { clock, dialled, links, dial }
}

test('[L3] what leads nowhere holds nobody up: links come in the order in which they stand', async () => {
  const { clock, dialled, dial } = world()
  const came: string[] = []
  const all = (async () => {
    for await (const { way } of dialAll(ways, { clock, dial }, new AbortController().signal))
      came.push(way.address)
  })()
  await clock.advance(2_000)
  expect(came).toEqual(['near', 'slow'])
  expect(dialled).toEqual([
    ['nowhere', 0],
    ['slow', 300],
    ['near', 600],
  ])
  await clock.advance(10_000)
  await all
  expect(clock.pending()).toBe(0)
})

test('[L3] what comes after the one that was taken is closed', async () => {
  const { clock, links, dial } = world()
  const taking = (async () => {
    for await (const { way } of dialAll(ways, { clock, dial }, new AbortController().signal))
      return way.address
  })()
  await clock.advance(700)
  expect(await taking).toBe('near')
  await clock.advance(20_000)
  expect((await links.get('slow')?.closed)?.code).toBe('closed')
  expect(clock.pending()).toBe(0)
})
