/** Every contract of this package in a dedicated worker, a test at a time, as a page asks. */
import { browserContracts } from './browser-contracts.ts'
import { answerSuite } from './suite.ts'

answerSuite((suite) => browserContracts('worker', suite))
