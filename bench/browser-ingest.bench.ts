/**
 * Entries into a store in Chromium with all indexes and search, on OPFS, beside raw sqlite-wasm inserts of the same rows
 * on the same VFS. Seconds on the clock, because a worker does not learn its CPU time: only the ratio means something
 * where others use the machine. A number behind the name: authors of 50 entries each, 2,000 when omitted.
 *
 * @module
 */
import { openBrowserPage } from './browser-page.ts'
import type { Filled, Task } from './browser-store.worker.ts'
import { type Figure, figure } from './figure.ts'

const authors = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 2_000)
const entriesEach = 50
const rounds = 3

export async function* bench(): AsyncGenerator<Figure> {
  await using page = await openBrowserPage()
  const taken: Filled[] = []
  for (let at = 0; at < rounds; at++) {
    const task: Task = { type: 'fill', name: `ingest-${at}`, authors, entriesEach }
    taken.push(await page.run<Filled>('browser-store.worker.ts', task))
  }
  const of = (value: (one: Filled) => number): number =>
    taken.map(value).toSorted((a, b) => a - b)[taken.length >> 1] ?? 0
  const rawInserts = 'raw sqlite-wasm inserts of the same rows, on the same VFS'
  yield figure(
    'browser ingest with search',
    of(({ entries, seconds }) => entries / seconds),
    'entries/s',
    {
      ratio: of(({ rawSeconds, seconds }) => rawSeconds / seconds),
      of: rawInserts,
    },
  )
  const appending = ({ seconds, search }: Filled): number => seconds - search
  yield figure(
    'browser ingest without search',
    of((one) => one.entries / appending(one)),
    'entries/s',
    {
      ratio: of((one) => (one.rawSeconds - one.rawSearch) / appending(one)),
      of: rawInserts,
    },
  )
}
