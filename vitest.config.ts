import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArguments, chromiumPath, noBrowser } from './tools/browser-kit/chromium.ts'

const browserTests = {
  extends: true as const,
  // The workers of tests are modules, and SQLite's finds its wasm beside itself.
  worker: { format: 'es' as const },
  optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'] },
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

export default defineConfig({
  test: {
    // The default leaves one core to itself: half the machine where there are two.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{packages,apps,bench,tools}/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      ...(noBrowser === null ? [browserTests] : []),
    ],
  },
})
