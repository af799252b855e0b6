import { expect, test } from 'vitest'
import { readers } from './readers.ts'

test(`[T16] readers that never read: memory is capped, who reads is served (${readers.short} of them by npm run figures)`, {
  timeout: 120_000,
}, async () => {
  const { failures } = await readers.run({ n: 100, seed: 'test' })
  expect(failures).toEqual([])
})
