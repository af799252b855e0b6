/** Steady typing is kept as it goes on. */
import { expect, test, vi } from 'vitest'
import { createPace } from './pace.ts'

test('what is wanted all the time happens each time its time is over, and not after it was stopped', () => {
  vi.useFakeTimers()
  try {
    const pace = createPace(1_000)
    const done: number[] = []
    for (let at = 0; at < 2_500; at += 100) {
      pace.ask(() => done.push(Date.now()))
      vi.advanceTimersByTime(100)
    }
    expect(done).toHaveLength(2)
    pace.stop()
    vi.advanceTimersByTime(5_000)
    expect(done).toHaveLength(2)
    pace.ask(() => done.push(Date.now()))
    vi.advanceTimersByTime(1_000)
    expect(done).toHaveLength(3)
  } finally {
    vi.useRealTimers()
  }
})
