import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { all, linkContract } from '../test/contract.ts'
import { memoryPair } from './memory.ts'

describe('memoryPair', () => {
  linkContract(
    async () => {
      const links = memoryPair()
      return {
        links,
        async [Symbol.asyncDispose]() {
          for (const link of links) link.close()
        },
      }
    },
    { slowsSenderDown: true },
  )

  test('latency passes by the clock that was handed in', async () => {
    const clock = createFakeClock()
    const [a, b] = memoryPair({ latency: { clock, ms: 50 } })
    const received = all(b)
    a.send(Uint8Array.of(7))
    a.close()
    await clock.advance(49)
    expect(a.bufferedBytes).toBe(0)
    await clock.advance(1)
    expect(await received).toEqual([Uint8Array.of(7)])
  })
})
