/** The worker of an app, for tests of what its page tells it. */
import { runPeerWorker, type WorkerScope } from '../src/browser/run-worker.ts'

runPeerWorker(self as unknown as WorkerScope)
