/**
 * How the app is built: one page, one worker with the peer, one service worker for the time without a network.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { groupByMoment } from './chunks.ts'
import { manifest, translatedManifests } from './manifest.ts'

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

/** A later release has a greater number (`connectPeer`): 1.2.3 is 1_002_003. */
const releaseNumber = version.split('.').reduce((sum, part) => sum * 1_000 + Number(part), 0)

const base = {
  root: import.meta.dirname,
  define: { __VERSION__: JSON.stringify(version), __RELEASE__: String(releaseNumber) },
  worker: { format: 'es' },
  build: {
    target: 'es2024',
    sourcemap: false,
    // Bytes inside a style sheet or script would need `data:` in the policy of the page.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
  },
} satisfies UserConfig

/** The first frame waits for no style sheet: they count when `late-styles.ts` says so. */
const lateStyles: Plugin = {
  name: 'late-styles',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replaceAll('<link rel="stylesheet"', '<link rel="stylesheet" media="print" data-late'),
  },
}

/** Beside the English one, which the page names. */
const manifests: Plugin = {
  name: 'manifests',
  apply: 'build',
  generateBundle() {
    for (const [language, translated] of translatedManifests)
      this.emitFile({
        type: 'asset',
        fileName: `manifest.${language}.webmanifest`,
        source: JSON.stringify(translated),
      })
  },
}

export default defineConfig(async () => {
  const groups = await groupByMoment(base)
  return {
    ...base,
    worker: { ...base.worker, rolldownOptions: { output: { codeSplitting: groups.worker } } },
    // `manifest`: which file loads which, for `bench/app-size.test.ts`.
    build: { ...base.build, manifest: true, rolldownOptions: { output: { codeSplitting: groups.page } } },
    plugins: [
      react(),
      lateStyles,
      manifests,
      VitePWA({
        strategies: 'injectManifest',
        srcDir: 'src',
        filename: 'service-worker.ts',
        registerType: 'prompt',
        injectRegister: null,
        manifest,
        injectManifest: {
          globPatterns: ['**/*.{js,css,html,svg,png,wasm,webmanifest}'],
          globIgnores: [
            // By its plain name comes the one of the browser's language.
            'manifest.*.webmanifest',
            // Of SQLite's package, for other ways to keep files than ours: 250 KB that nothing loads.
            'assets/sqlite3-{worker1,opfs-async-proxy}-*.js',
          ],
          // SQLite.
          maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        },
      }),
    ],
  }
})
