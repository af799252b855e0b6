/** The worker of tests; an app's own looks the same. */
import { runPeerWorker } from '@effigy/peer/browser'

runPeerWorker(self, {
  log: {
    info: () => {},
    warn: (event, fields) => globalThis.console.warn(event, JSON.stringify(fields)),
  },
})
