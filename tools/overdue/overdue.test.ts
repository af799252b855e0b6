import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')))

test.skipIf(!existsSync('/proc'))(
  'files that do not end are ended and told, with the stack or the command that they wait for; the others go on',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-overdue-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const list = join(folder, 'overdue.json')
    const { code, told } = await new Promise<{ code: number | null; told: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        [vitest, 'run', '--root', join(import.meta.dirname, 'fixture')],
        { env: { ...process.env, EFFIGY_TEST_LIMIT_MS: '4000', EFFIGY_TEST_OVERDUE: list } },
        (_, stdout, stderr) => resolve({ code: child.exitCode, told: stdout + stderr }),
      )
    })
    expect(code).toBe(1)
    expect(told).toMatch(/does not end: .*spins\.test\.ts\n {2}at spin \(.*spins\.test\.ts:\d+\)/)
    expect(told).toMatch(/does not end: .*waits\.test\.ts\n.*\n {2}child process: sleep 600/)
    expect(told).toContain('1 passed')
    const overdue = JSON.parse(readFileSync(list, 'utf8')) as string[]
    expect(overdue.map((path) => basename(path)).toSorted()).toEqual(['spins.test.ts', 'waits.test.ts'])
  },
)
