/**
 * A private timeline of 10,000 notes beside a public one: what was opened once is kept, so that the second time costs the same.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Payload } from '@effigy/core'
import type { Page } from '@effigy/store'
import { type Figure, figure } from './figure.ts'
import { type BenchPeer, openBenchPeer } from './peers.ts'

const notes = 10_000
const atOnce = 250
const shown = 50
const looks = 200

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  try {
    await using bench = await openBenchPeer(folder)
    const { peer } = bench
    const text = (at: number): string => `note ${at} ${'lorem ipsum '.repeat(12)}`
    await write(bench, (at) =>
      peer.publish({ type: 'public_note', at: Date.now(), text: text(at) } as unknown as Payload),
    )
    await write(bench, (at) => peer.conversations.write([], { text: text(at) }))
    await peer.conversations.opened()
    const name = peer.conversations.nameOf([])
    const privately = look(() => peer.conversations.messages(name, { limit: shown }))
    const publicly = look(() => peer.query.feedItems(peer.identity, { limit: shown }))
    const of = 'the latest 50 of as many public notes'
    yield figure('latest 50 of 10,000 private notes, opened before', privately, 'ms', {
      ratio: publicly / privately,
      of,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function write({ store }: BenchPeer, one: (at: number) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < notes; at += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => one(at + index)))
  }
  // Views are made behind: they are asked for once before the clock runs.
  store.indexSearch(1)
}

/** Ms, the median. */
function look(ask: () => Page<unknown>): number {
  const times: number[] = []
  for (let round = 0; round < looks; round++) {
    const started = performance.now()
    if (ask().items.length !== shown) throw new Error('not all are here')
    times.push(performance.now() - started)
  }
  return times.toSorted((a, b) => a - b)[looks >> 1] ?? Number.NaN
}
