/**
 * Ends a test file that does not end by itself, and says where it stood. Each test has its limit, but that is a timer: code
 * that never gives way, a command that is waited for, and a module that never loads are not stopped by it.
 *
 *     file queued ─ limit ─▶ stack, child processes ─▶ its process is killed: an error of the run      the others go on
 *
 * Where its process cannot be found, the whole run ends.
 *
 * EFFIGY_TEST_LIMIT_MS is the limit; EFFIGY_TEST_OVERDUE names a file that takes the list of them, as JSON.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import { portOf, titleOf } from './names.ts'
import { childrenOf, commandOf, send } from './processes.ts'
import { whereaboutsOf } from './whereabouts.ts'

/** No file takes three minutes on two cores that do other things too. */
const limitMs = Number(process.env.EFFIGY_TEST_LIMIT_MS ?? 10 * 60_000)

/** Between two looks. */
const everyMs = Math.min(limitMs / 4, 10_000)

export default class OverdueReporter implements Reporter {
  readonly #sinceMs = new Map<string, number>()
  readonly #overdue: string[] = []
  #timer: NodeJS.Timeout | null = null

  onInit(): void {
    this.#timer = setInterval(() => this.#look(), everyMs).unref()
  }

  onTestModuleQueued({ moduleId }: TestModule): void {
    this.#sinceMs.set(moduleId, performance.now())
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.#sinceMs.delete(moduleId)
  }

  onTestRunEnd(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  #look(): void {
    for (const [path, sinceMs] of this.#sinceMs) {
      if (performance.now() - sinceMs < limitMs) continue
      this.#sinceMs.delete(path)
      this.#overdue.push(path)
      const list = process.env.EFFIGY_TEST_OVERDUE
      if (list !== undefined) writeFileSync(list, JSON.stringify(this.#overdue))
      void end(path)
    }
  }
}

async function end(path: string): Promise<void> {
  const pid = childrenOf(process.pid).find((child) => commandOf(child) === titleOf(path))
  const where = pid === undefined ? '  in a browser, or without /proc' : await whereaboutsOf(pid, portOf(pid))
  process.stderr.write(`\n=== does not end: ${path}\n${where}\n`)
  if (pid === undefined) process.exit(1)
  // It ended after all.
  if (commandOf(pid) !== titleOf(path)) return
  // What it started would keep its output open, and Vitest waiting.
  for (const ended of [...childrenOf(pid), pid]) send(ended, 'SIGKILL')
}
