/// <reference types="vite/types/importMeta.d.ts" />
/**
 * Runs test files in a dedicated worker, over OPFS, and tells what became of each test.
 *
 *     page ─{ folder }▶ here ─startTests▶ x.test.ts ─{ file, name, errors }▶ page      the last word: { done }
 *
 * @module
 */
import './worker-scope.ts'
import { createBrowserCrypto } from '@effigy/crypto/browser'
import { createNobleCrypto } from '@effigy/crypto/noble'
import { startTests } from 'vitest/internal/browser'
import { createMedium } from './medium-chromium.ts'
import { mediumKey } from './medium-key.ts'

/** What the store does, as in Node. Files byte by byte, and properties that take minutes here, are tested there alone. */
const suites = import.meta.glob([
  './sqlite.test.ts',
  './contract.test.ts',
  '../src/accounts/*.test.ts',
  '../src/blobs/{hidden-links,taken-down}.test.ts',
  '../src/feed-keys/*.test.ts',
  '../src/feeds/{days,erasures,long-transaction,need,own,serve,unverified}.test.ts',
  '../src/groups/*.test.ts',
  '../src/private/*.test.ts',
  '../src/services/*.test.ts',
  '../src/synods/{synod-feed,synods}.test.ts',
  '../src/views/*.test.ts',
])

export interface Outcome {
  readonly file: string
  readonly name: string
  readonly state: 'pass' | 'fail' | 'skip'
  readonly errors: readonly string[]
}

export interface SuiteTask {
  /** On OPFS: a new name. */
  readonly folder: string
}

export type Told = { readonly outcome: Outcome } | { readonly done: true } | { readonly failed: string }

/** What is used of Vitest's tests. */
interface Finished {
  readonly fullTestName: string
  readonly mode: string
  readonly file: { readonly name: string }
  readonly result?: {
    readonly errors?: readonly { readonly stack?: string; readonly message?: string }[]
  }
}

const tell = (told: Told): void => postMessage(told)

addEventListener('message', async ({ data }: MessageEvent<SuiteTask>) => {
  try {
    await run(data)
    tell({ done: true })
  } catch (cause) {
    tell({ failed: cause instanceof Error ? `${cause.stack}` : String(cause) })
  }
})

async function run({ folder }: SuiteTask): Promise<void> {
  const { sha256 } = createNobleCrypto()
  const medium = await createMedium(folder, { crypto: await createBrowserCrypto(), sha256 })
  Object.assign(globalThis, { [mediumKey]: medium })
  const runner = {
    config,
    importFile: (path: string) => suites[path]?.(),
    onAfterTryTask: () => medium.clean(),
    onTaskFinished({ fullTestName, mode, file, result }: Finished) {
      const errors = (result?.errors ?? []).map(({ stack, message }) => `${message}\n${stack}`)
      const state = mode === 'run' ? (errors.length === 0 ? 'pass' : 'fail') : 'skip'
      tell({ outcome: { file: file.name, name: fullTestName, state, errors } })
    },
  }
  // The page's runner is not here: this is the least that Vitest needs of one.
  const files = await startTests(Object.keys(suites), runner as unknown as Parameters<typeof startTests>[1])
  // One that cannot be loaded has no tests that could fail.
  for (const { name, result } of files) {
    const errors = (result?.errors ?? []).map(({ message }) => message)
    if (errors.length > 0) tell({ outcome: { file: name, name: 'is loaded', state: 'fail', errors } })
  }
}

const config = {
  root: '/',
  setupFiles: [],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  sequence: { hooks: 'stack', setupFiles: 'list', concurrent: false, seed: 0 },
  maxConcurrency: 1,
  retry: 0,
  passWithNoTests: false,
  includeTaskLocation: false,
  allowOnly: false,
  tags: [],
  tagsFilter: [],
}
