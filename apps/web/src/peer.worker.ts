/** The worker that has vault, store and peer of this browser; only that of the leading tab runs. */
import '@effigy/core/disposal'
import { runPeerWorker } from '@effigy/peer/browser'

runPeerWorker(self, {
  log: {
    info: () => {},
    // biome-ignore lint/suspicious/noConsole: for whoever looks into the browser's own tools; ids and codes only
    warn: (event, fields) => globalThis.console.warn(event, JSON.stringify(fields)),
  },
})
