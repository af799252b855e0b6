import { playwright } from '@vitest/browser-playwright'
import { configDefaults, defineConfig } from 'vitest/config'
import { chromiumArguments, chromiumPath, noBrowser } from './tools/browser-kit/chromium.ts'

const browserTests = {
  extends: true as const,
  // The workers of tests are modules, and SQLite's finds its wasm beside itself.
  worker: { format: 'es' as const },
  // What is loaded late is found late, and would load a running test again.
  optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'], include: ['qr/decode.js'] },
  test: {
    name: 'browser',
    include: ['{packages,apps}/**/*.browser-test.{ts,tsx}'],
    globalSetup: ['./packages/links/test/web-socket-bridge.ts'],
    testTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: chromiumPath, args: [...chromiumArguments] } }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
}

/**
 * Their tests share modules within a worker: each file that loads them anew costs more than half a second of a core. Some of
 * these modules keep state for the whole program (sync's `shared-turns.ts` and `shared-timers.ts`, links' `reading-turns.ts`):
 * what a file leaves in them runs out within a few turns, and their own tests load them anew or wait for that. A test that
 * mocks a module is named `*.alone.test.ts`; those of other folders mock modules, or count what a program did so far. No spy on what
 * fake timers put in place of real ones: it is taken back at the end of its file, and brings them back for all files behind it.
 */
const sharing =
  '{apps/hub,packages/core,packages/links,packages/peer,packages/react,packages/store,packages/sync,packages/testkit}/**/!(*.alone).test.ts'

const nodeTests = {
  environment: 'node' as const,
  testTimeout: 120_000,
  setupFiles: ['./tools/overdue/name-worker.ts'],
}

export default defineConfig({
  test: {
    // The default leaves one core to itself: half the machine where there are two.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          ...nodeTests,
          name: 'node',
          include: ['{packages,apps,bench,tools}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, sharing, 'tools/overdue/fixture/**'],
        },
      },
      { extends: true, test: { ...nodeTests, name: 'node-sharing', include: [sharing], isolate: false } },
      ...(noBrowser === null ? [browserTests] : []),
    ],
  },
})
