/**
 * Dials several addresses of one device at once: some lead nowhere from here, and that takes them long to say.
 *
 *     ways ─a third of a second apart▶ dial … ─▶ links, in the order in which they come
 *
 * @module
 */
import type { Clock, Link } from '@effigy/sync'
import { createPulse } from '../live.ts'
import { rest } from '../rest.ts'

export interface DialPorts {
  readonly dial: (address: string, signal: AbortSignal) => Promise<Link>
  readonly clock: Clock
}

export interface Way {
  readonly address: string
}

/** Ms between two: the first is the best, and mostly answers by then. */
const apartMs = 300

/** Ends when all have answered or failed, or with the signal. What comes when nobody listens any more is closed. */
export async function* dialAll<Each extends Way>(
  ways: readonly Each[],
  { dial, clock }: DialPorts,
  signal: AbortSignal,
): AsyncGenerator<{ readonly way: Each; readonly link: Link }> {
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  const came: { readonly way: Each; readonly link: Link }[] = []
  const pulse = createPulse()
  let pending = ways.length

  async function go(way: Each, index: number): Promise<void> {
    try {
      if (index > 0) await rest(clock, index * apartMs, until)
      until.throwIfAborted()
      const link = await dial(way.address, until)
      if (until.aborted) link.close()
      else came.push({ way, link })
    } catch {
      // Nobody there, or not from here: the others may do.
    } finally {
      pending--
      pulse.fire()
    }
  }

  try {
    for (const [index, way] of ways.entries()) void go(way, index)
    while (!signal.aborted) {
      const seen = pulse.count
      const next = came.shift()
      if (next !== undefined) yield next
      else if (pending === 0) return
      else await pulse.after(seen, signal)
    }
  } finally {
    over.abort()
    for (const { link } of came) link.close()
  }
}
