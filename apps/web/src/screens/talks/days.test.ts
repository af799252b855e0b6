/** Messages by days and by speakers, oldest first. */
import type { Item } from '@effigy/store'
import { expect, test } from 'vitest'
import { placeMessages } from './days.ts'

const noon = new Date(2026, 10, 21, 12).getTime()
const said = (identity: string, sort: number) => ({ identity, sort }) as unknown as Item

test('the oldest first; a day, another speaker and a pause begin something', () => {
  const items = [
    said('ann', noon),
    said('ann', noon + 60_000),
    said('ben', noon + 70_000),
    said('ben', noon + 70_000 + 11 * 60_000),
    said('ben', noon + 24 * 3_600_000),
  ]
  const placed = placeMessages(items.toReversed())
  expect(placed.map(({ item }) => item)).toEqual(items)
  expect(placed.map(({ isFirst }) => isFirst)).toEqual([true, false, true, true, true])
  expect(placed.map(({ isNewDay }) => isNewDay)).toEqual([true, false, false, false, true])
})

test('of nothing there is nothing', () => {
  expect(placeMessages([])).toEqual([])
})
