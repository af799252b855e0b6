import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('values and labels as Prometheus reads them; what fails is left out', async () => {
  let count = 3
  const clock = createFakeClock()
  const metrics = createMetrics(
    [
      { name: 'things', help: 'Things.', type: 'gauge', read: () => count },
      {
        name: 'refused_total',
        help: 'Refused.',
        type: 'counter',
        label: 'reason',
        read: () => new Map([['full', 2]]),
      },
      { name: 'nothing', help: 'None now.', type: 'gauge', read: () => null },
      {
        name: 'broken',
        help: 'Fails.',
        type: 'gauge',
        read() {
          throw new Error('no store')
        },
      },
    ],
    clock,
  )
  const text = await metrics.text()
  expect(text).toContain('# TYPE effigy_things gauge\neffigy_things 3\n')
  expect(text).toContain('# TYPE effigy_refused_total counter\neffigy_refused_total{reason="full"} 2\n')
  expect(text).not.toMatch(/^effigy_(?:nothing|broken)/m)
  // A crowd that asks is told what was told a moment ago.
  count = 4
  expect(await metrics.text()).toBe(text)
  await clock.advance(1_000)
  expect(await metrics.text()).toMatch(/^effigy_things 4$/m)
  // Counters do not add up by being read.
  expect(await metrics.text()).toContain('effigy_refused_total{reason="full"} 2')
})
