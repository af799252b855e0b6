import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFeedQueue } from './feed-queue.ts'

const drain = (queue: { next(): string | null }): string[] => {
  const order: string[] = []
  for (let key = queue.next(); key !== null; key = queue.next()) order.push(key)
  return order
}

test('[R10] the deepest, the least and who came first take turns', () => {
  const queue = createFeedQueue<string>()
  queue.add('small', 3)
  queue.add('smaller', 1)
  queue.add('huge', 100_000)
  queue.add('large', 5_000)
  queue.add('larger', 50_000)
  expect(drain(queue)).toEqual(['huge', 'smaller', 'small', 'larger', 'large'])
})

test('[R10] [G2] deepest first, to the entry; of equal ones the newest', () => {
  const queue = createFeedQueue<string>()
  for (const [key, deficit] of [
    ['a', 70],
    ['b', 100],
    ['c', 90],
    ['d', 100],
  ] as const)
    queue.add(key, deficit)
  expect(queue.next()).toBe('d')
  queue.next()
  queue.next()
  queue.add('e', 95)
  queue.add('f', 60)
  expect(queue.next()).toBe('e')
})

test('[R10] nobody is left out, and of three turns one goes by arrival', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 60 }), (deficits) => {
      const queue = createFeedQueue<string>()
      for (const [index, deficit] of deficits.entries()) queue.add(`${index}`, deficit)
      queue.add('0', 5)
      expect(queue.size).toBe(deficits.length === 0 ? 1 : deficits.length)
      const order = drain(queue)
      expect(queue.size).toBe(0)
      expect(new Set(order).size).toBe(order.length)
      for (const index of deficits.keys())
        expect(order.indexOf(`${index}`)).toBeLessThanOrEqual(3 * index + 2)
    }),
  )
})
