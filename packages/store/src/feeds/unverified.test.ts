import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSlow, openSqlite } from '../../test/medium.ts'
import { migrations } from '../schema.ts'
import { createUnverified, type IdRange } from './unverified.ts'

test.skipIf(isSlow)('[S6] ranges hold what a plain set would, in memory and in the table', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 6 }), skip: fc.nat(2) }),
    fc.record({ remove: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      using db = openSqlite(':memory:', { migrations })
      const ranges = createUnverified(db)
      const model = new Set<number>()
      let newest = 0
      for (const next of steps) {
        if ('add' in next) {
          const first = newest + 1 + next.skip
          newest = first + next.add - 1
          ranges.add(first, newest)
          for (let id = first; id <= newest; id++) model.add(id)
        } else {
          const gone = [...new Set(next.remove)].filter((id) => model.delete(id)).sort((a, b) => a - b)
          expect(ranges.remove(next.remove).flatMap(idsOf)).toEqual(gone)
        }
        expect(ranges.count()).toBe(model.size)
      }
      for (const view of [ranges, createUnverified(db)]) {
        expect(view.ranges().flatMap(idsOf)).toEqual([...model].sort((a, b) => a - b))
        for (let id = 0; id <= newest + 1; id++) expect(view.has(id)).toBe(model.has(id))
      }
    }),
  )
})

function idsOf({ first, last }: IdRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
