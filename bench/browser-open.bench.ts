/**
 * A store of 100,000 entries in Chromium: a new worker opens it and reads the first 50 posts. SQLite's module is
 * compiled in that time; the worker's own code is loaded before, because here it is not bundled. A number behind the name: authors of 50 entries each, 2,000 when omitted.
 *
 * @module
 */
import { openBrowserPage } from './browser-page.ts'
import type { Filled, Opened, Task } from './browser-store.worker.ts'
import { type Figure, figure } from './figure.ts'

const authors = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 2_000)
const rounds = 5

export async function* bench(): AsyncGenerator<Figure> {
  await using page = await openBrowserPage()
  const name = 'open'
  const fill: Task = { type: 'fill', name, authors, entriesEach: 50 }
  const { entries } = await page.run<Filled>('browser-store.worker.ts', fill)
  const taken: Opened[] = []
  for (let at = 0; at < rounds; at++) {
    taken.push(await page.run<Opened>('browser-store.worker.ts', { type: 'open', name } satisfies Task))
  }
  const middle = (value: (one: Opened) => number): number =>
    taken.map(value).toSorted((a, b) => a - b)[taken.length >> 1] ?? 0
  yield figure(
    `open ${entries} entries and read 50 posts`,
    middle(({ postsMs }) => postsMs),
    'ms',
  )
  yield figure(
    'of that reading the posts',
    middle(({ postsMs, openMs }) => postsMs - openMs),
    'ms',
  )
}
