import { silentLog } from '@effigy/sync'
import { expect, test } from 'vitest'
import { memoryRecords } from '../../test/records.ts'
import { recordOf } from '../ports/record-json.ts'
import { openMirror } from './mirror.ts'

const signal = new AbortController().signal
const parse = (value: unknown): { readonly n: number } | null => {
  const { n } = recordOf(value)
  return typeof n === 'number' ? { n } : null
}

async function open(records: ReturnType<typeof memoryRecords>, onChange = () => {}) {
  const bucket = records.bucket('things')
  const mirror = await openMirror({
    bucket,
    parse,
    log: silentLog,
    name: 'things',
    onChange,
    signal,
  })
  return { bucket, mirror }
}

test('what is there is known when it opens; what is damaged is not', async () => {
  await using records = memoryRecords()
  const bucket = records.bucket('things')
  await bucket.put('a', '{"n":1}')
  await bucket.put('b', '{')
  const { mirror } = await open(records)
  expect([...mirror.entries()]).toEqual([['a', { n: 1 }]])
})

test('what another process writes comes, and goes', async () => {
  await using records = memoryRecords()
  const changes: number[] = []
  const { bucket, mirror } = await open(records, () => changes.push(1))
  await bucket.put('a', '{"n":1}')
  await expect.poll(() => mirror.get('a')).toEqual({ n: 1 })
  await bucket.delete('a')
  await expect.poll(() => mirror.size).toBe(0)
  expect(changes.length).toBeGreaterThanOrEqual(2)
})

test('what is written here is there at once, and outlives it', async () => {
  await using records = memoryRecords()
  const { mirror } = await open(records)
  await mirror.put('a', { n: 2 })
  expect(mirror.get('a')).toEqual({ n: 2 })
  expect((await open(records)).mirror.get('a')).toEqual({ n: 2 })
  expect([await mirror.delete('a'), await mirror.delete('a'), mirror.get('a')]).toEqual([true, false, null])
})
