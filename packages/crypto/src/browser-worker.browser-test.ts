/** What a browser gives in a page, it gives in a dedicated worker, where the peer lives. */
import { browserContracts } from '../test/browser-contracts.ts'
import { suiteOf } from '../test/suite.ts'

const worker = new Worker(new URL('../test/contracts.worker.ts', import.meta.url), { type: 'module' })

browserContracts('worker', suiteOf(worker))
