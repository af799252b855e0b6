/** The worker of a tab, watched over under a fake clock (spec O13). */
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { leadPeer } from './lead.ts'

/** Answers pings as long as it should. */
function fakeWorker(): Worker & { isAlive: boolean; readonly heard: string[]; isTerminated: boolean } {
  const heard: string[] = []
  const worker = {
    isAlive: true,
    isTerminated: false,
    heard,
    onmessage: null as ((event: { readonly data: unknown }) => void) | null,
    onerror: null,
    postMessage({ type }: { readonly type: string }) {
      heard.push(type)
      if (!worker.isAlive) return
      const answer = { start: 'started', ping: 'pong', stop: 'stopped' }[type]
      worker.onmessage?.({ data: { type: answer } })
    },
    terminate() {
      worker.isTerminated = true
    },
  }
  return worker as never
}

function lead(isOpen = true) {
  const clock = createFakeClock()
  const worker = fakeWorker()
  const stop = new AbortController()
  const cut = new AbortController()
  const { port1, port2 } = new MessageChannel()
  port1.close()
  const end = leadPeer({
    createWorker: () => worker,
    name: 'effigy',
    version: 1,
    leader: 'leader',
    port: port2,
    rtc: null,
    clock,
    isOpen: () => isOpen,
    signal: stop.signal,
    cut: cut.signal,
  })
  return { clock, worker, stop, cut, end }
}

describe('the worker of the leading tab', () => {
  test('[O13] it is ended when it stops answering while the peer is open, and not before', async () => {
    const { clock, worker, end } = lead()
    await clock.advance(300_000)
    expect(worker.isTerminated).toBe(false)
    worker.isAlive = false
    await clock.advance(60_000)
    expect(await end).toBe('hung')
    expect(worker.isTerminated).toBe(true)
  })

  test('[O13] a long opening is no reason to end it', async () => {
    const { clock, worker, cut, end } = lead(false)
    worker.isAlive = false
    await clock.advance(600_000)
    expect(worker.isTerminated).toBe(false)
    cut.abort()
    expect(await end).toBe('cut')
  })

  test('[O13] it closes its peer before it ends; one that does not is ended all the same', async () => {
    const calm = lead()
    calm.stop.abort()
    expect(await calm.end).toBe('stopped')
    expect(calm.worker.heard.at(-1)).toBe('stop')
    const deaf = lead()
    deaf.worker.isAlive = false
    deaf.stop.abort()
    await deaf.clock.advance(2_000)
    expect(await deaf.end).toBe('stopped')
    expect(deaf.worker.isTerminated).toBe(true)
  })
})
