/**
 * The first sync of 20,000 entries from a process to a tab of Chromium, its peer in the worker, beside raw sqlite-wasm
 * inserts of the same rows on the same VFS, and whether the page answers meanwhile. Seconds on the clock, because a worker
 * does not learn its CPU time: only the ratio means something where others use the machine. A number behind the name:
 * authors of 50 entries each.
 *
 *     process: sync-source.ts ─WebSocket▶ worker: peer, store ─OPFS        page: long tasks
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { serveApp } from '../tools/browser-kit/app.ts'
import { openBrowser } from '../tools/browser-kit/browser.ts'
import type { RawAnswer } from './browser-sync/raw.worker.ts'
import type { Synced, SyncOrder } from './browser-sync/sync-all.ts'
import { makeCorpus } from './corpus.ts'
import { type Figure, figure } from './figure.ts'
import { prepareSource } from './prepare-source.ts'

const authors = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 400)
const entriesEach = 50
const total = authors * entriesEach

export async function* bench(): AsyncGenerator<Figure> {
  await using owned = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  owned.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const corpus = await makeCorpus(createNodeCrypto(), { authors, entriesEach, seed: 'sync' })
  prepareSource(join(folder, 'source'), corpus)
  const source = fork(new URL('sync-source.ts', import.meta.url), [join(folder, 'source')])
  owned.defer(() => void source.kill('SIGKILL'))
  const [{ address, identity }] = (await once(source, 'message')) as [{ address: string; identity: Identity }]

  const app = owned.use(await serveApp(join(import.meta.dirname, 'browser-sync')))
  const browser = owned.use(await openBrowser(app, join(folder, 'profile')))
  const tab = await browser.open()
  const order: SyncOrder = {
    address,
    source: identity,
    identities: corpus.map((feed) => feed.identity),
  }
  const synced: Synced = await tab.page.evaluate(`syncAll(${JSON.stringify(order)})`)
  await tab.close()
  const page = await browser.context.newPage()
  await page.goto(`${app.url}?raw`)
  const raw: RawAnswer = await page.evaluate(`raw('effigy')`)
  if (raw.entries !== total) throw new Error(`${raw.entries} of ${total} entries came`)

  const of = 'raw sqlite-wasm inserts of the same rows, on the same VFS'
  yield figure('first sync to a browser', total / synced.seconds, 'entries/s', {
    ratio: (raw.rawSeconds - raw.rawSearch) / synced.seconds,
    of: `${of}, without search`,
  })
  yield figure(
    'first sync to a browser, checked and searchable',
    total / synced.settledSeconds,
    'entries/s',
    {
      ratio: raw.rawSeconds / synced.settledSeconds,
      of,
    },
  )
  yield figure('tasks of the page over 50 ms meanwhile', synced.longTasks.length, 'tasks')
  yield figure('the longest of them', Math.max(0, ...synced.longTasks), 'ms')
}
