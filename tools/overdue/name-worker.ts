/**
 * Before each test file: its process bears its name, and has a port for who wants to know where it stands (reporter.ts).
 *
 * @module
 */
import { expect } from 'vitest'
import { portOf, titleOf } from './names.ts'

process.title = titleOf(expect.getState().testPath ?? '')
process.debugPort = portOf(process.pid)
