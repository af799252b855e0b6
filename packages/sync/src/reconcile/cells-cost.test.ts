/** What a comparison costs whoever makes cells, however they are asked for (T29). */
import { expect, test } from 'vitest'
import { createCellMaker, encodeCells, maxCells } from './cells.ts'

const prints = Uint32Array.from({ length: 200 }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 0)

test('[C6] [T29] cells that are asked for one by one are made in a few passes, and are the same', () => {
  const [slow, quick] = [createCellMaker(prints), createCellMaker(prints)]
  quick.extend(maxCells)
  const passes = new Set<number>()
  for (let count = 1; count <= maxCells; count++) {
    slow.extend(count)
    expect(slow.made).toBeGreaterThanOrEqual(count)
    passes.add(slow.made)
  }
  expect(passes.size).toBeLessThanOrEqual(8)
  expect(encodeCells(slow.cells, 100, 0, maxCells)).toEqual(encodeCells(quick.cells, 100, 0, maxCells))
})
