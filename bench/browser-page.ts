/**
 * Runs a worker of a benchmark in headless Chromium, with a profile on the disk: without one its files are in memory.
 *
 *     here ─Vite, loopback▶ page ─new Worker▶ x.worker.ts ─{ done }▶ here
 *
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium } from 'playwright'
import { createServer } from 'vite'

const executablePath = process.env.EFFIGY_CHROMIUM ?? '/usr/bin/chromium'
const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface BrowserPage extends AsyncDisposable {
  /** What a new worker answers to `task`; it is ended then. */
  run<Answer>(worker: string, task: unknown): Promise<Answer>
}

export async function openBrowserPage(): Promise<BrowserPage> {
  if (!existsSync(executablePath))
    throw new Error(`There is no Chromium at ${executablePath}: set EFFIGY_CHROMIUM.`)
  const profile = mkdtempSync(join(tmpdir(), 'effigy-bench-browser-'))
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    worker: { format: 'es' },
    optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'], noDiscovery: false },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  })
  let context: BrowserContext | null = null
  try {
    await server.listen()
    context = await chromium.launchPersistentContext(profile, { executablePath, args: chromiumArguments })
    const page = await context.newPage()
    await page.route('**/blank.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' }),
    )
    await page.goto(`${server.resolvedUrls?.local[0]}blank.html`)
    return {
      run: (worker, task) => page.evaluate(runWorker, { worker: `/bench/${worker}`, task }) as Promise<never>,
      async [Symbol.asyncDispose]() {
        await context?.close()
        await server.close()
        rmSync(profile, { recursive: true, force: true })
      },
    }
  } catch (cause) {
    await context?.close()
    await server.close()
    rmSync(profile, { recursive: true, force: true })
    throw cause
  }
}

/** In the page. What Vite finds only now it bundles first, and answers what was asked before with an error: the second try succeeds. */
async function runWorker({
  worker,
  task,
}: {
  readonly worker: string
  readonly task: unknown
}): Promise<unknown> {
  const once = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const started = new Worker(worker, { type: 'module' })
      started.onmessage = ({ data }) => {
        started.terminate()
        if ('failed' in data) reject(new Error(data.failed))
        else resolve(data.done)
      }
      started.onerror = ({ message }) => {
        started.terminate()
        reject(new Error(`not loaded ${message ?? ''}`))
      }
      started.postMessage(task)
    })
  for (let left = 5; ; left--) {
    try {
      return await once()
    } catch (cause) {
      if (left === 1 || !`${cause}`.includes('not loaded')) throw cause
      await new Promise((resolve) => setTimeout(resolve, 2_000))
    }
  }
}
