import { utf8 } from '@effigy/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createVerifyCrew, type VerifyListener, type VerifyThread } from './verify-crew.ts'
import { countOf, type Part } from './verify-pack.ts'

interface FakeThread extends VerifyListener {
  readonly parts: Part[]
  readonly isEnded: () => boolean
}

function fakeCrew(idleMs?: number) {
  const started: FakeThread[] = []
  const start = (listener: VerifyListener): VerifyThread => {
    const parts: Part[] = []
    let isEnded = false
    started.push({ ...listener, parts, isEnded: () => isEnded })
    return {
      run: (part) => void parts.push(part),
      rest: () => {},
      async end() {
        isEnded = true
      },
    }
  }
  return { started, crew: createVerifyCrew({ threads: 1, start, idleMs }) }
}

const entries = (count: number) => Array.from({ length: count }, (_, index) => utf8(`entry ${index}`))
const valid = (part: Part | undefined) => new Uint8Array(part === undefined ? 0 : countOf(part)).fill(1)
const threadOf = async (started: readonly FakeThread[], index = 0): Promise<FakeThread> => {
  await vi.waitFor(() => expect(started[index]?.parts.length).toBeGreaterThan(0))
  return started[index] as FakeThread
}

describe('a verify crew', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('[T2] verdicts are for exactly what was asked: other answers end the thread, and nothing is verified', async () => {
    const answers: readonly unknown[] = [
      new Uint8Array(2).fill(1),
      new Uint8Array(4).fill(1),
      [1, 1, 1],
      'yes',
    ]
    for (const answer of answers) {
      const { started, crew } = fakeCrew()
      const asked = crew.verifyEntries(entries(3))
      const rejected = expect(asked).rejects.toMatchObject({ code: 'verify-worker' })
      const thread = await threadOf(started)
      thread.answered(answer)
      await rejected
      expect(thread.isEnded()).toBe(true)
      // It is not heard any more, and the next part has a new one.
      const again = crew.verifyEntries(entries(1))
      const next = await threadOf(started, 1)
      thread.answered(new Uint8Array(1).fill(1))
      next.answered(new Uint8Array(1))
      expect(await again).toEqual([false])
    }
  })

  test('a thread that was not asked and answers is ended', async () => {
    const { started, crew } = fakeCrew()
    const asked = crew.verifyEntries(entries(1))
    const thread = await threadOf(started)
    thread.answered(valid(thread.parts[0]))
    expect(await asked).toEqual([true])
    thread.answered(new Uint8Array(1).fill(1))
    expect(thread.isEnded()).toBe(true)
  })

  test('a thread is ended when it was idle for long enough, and not before', async () => {
    const { started, crew } = fakeCrew(1_000)
    const first = crew.verifyEntries(entries(300))
    const thread = await threadOf(started)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(thread.isEnded()).toBe(false)
    for (const part of thread.parts) thread.answered(valid(part))
    expect(await first).toHaveLength(300)
    await vi.advanceTimersByTimeAsync(900)
    const second = crew.verifyEntries(entries(1))
    thread.answered(valid(thread.parts[2]))
    await second
    await vi.advanceTimersByTimeAsync(900)
    expect(thread.isEnded()).toBe(false)
    await vi.advanceTimersByTimeAsync(200)
    expect(thread.isEnded()).toBe(true)
    const third = crew.verifyEntries(entries(1))
    const next = await threadOf(started, 1)
    next.answered(valid(next.parts[0]))
    expect(await third).toEqual([true])
  })

  test('where no thread can be started everybody who waits is told', async () => {
    const start = (): never => {
      throw new Error('no threads here')
    }
    const crew = createVerifyCrew({ threads: 1, start })
    const asked = [crew.verifyEntries(entries(1_000)), crew.verifyEntries(entries(1))]
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'verify-worker' })
  })
})
