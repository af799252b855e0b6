/** Exit codes and error texts: every code has both, and none is told without advice. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exitCode, exitCodeOf, knownErrorCodes } from './exit-codes.ts'
import { explain, failure } from './failure.ts'
import { errorText, otherErrors, topics } from './messages/index.ts'

test('every error of the catalogue has an exit code of its own kind', () => {
  for (const code of [...Object.keys(errorText), ...Object.keys(otherErrors)]) {
    expect.soft(exitCodeOf(code), code).not.toBe(exitCode.bug)
  }
})

/** What no command meets, or what is a mistake in the program: told as one, with its stack. */
const notForPeople = new Set(
  [
    // Of pages.
    'asleep bad-page part-missing picture-options picture-worker image-timeout unsupported',
    // What the command line has no command for.
    'account-disputed petname-invalid safety-moved word-unfit drop-handled drop-unknown',
    'signal-blocked signal-invalid signal-no-hub signal-no-key signal-too-large',
    // Heard by what called, or by the other side.
    'closed not-yet own-key pool-closed rtc',
    // Ours.
    'drop-invalid self-test service-name service-taken store-lacks too-many-services verify-worker',
  ].flatMap((line) => line.split(' ')),
)

test('every code that a package raises is known here, or no command meets it', () => {
  const packages = join(import.meta.dirname, '../../../packages')
  const files = globSync('{core,crypto,store,sync,links,peer}/src/**/*.ts', { cwd: packages })
  const raised = files
    .filter((file) => !/test\.ts$|\/(?:browser|page|remote)[./]/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(packages, file), 'utf8').matchAll(/new EffigyError\(\s*'([^']+)'/g),
    ])
    .map(([, code = '']) => code)
  expect(raised.length).toBeGreaterThan(150)
  for (const code of new Set(raised)) {
    const isKnown = exitCodeOf(code) !== exitCode.bug
    expect.soft(isKnown !== notForPeople.has(code), `${code} is in exactly one of both lists`).toBe(true)
  }
})

test('no code is listed twice', () => {
  expect(new Set(knownErrorCodes).size).toBe(knownErrorCodes.length)
})

test('every exit code is documented', () => {
  for (const code of Object.values(exitCode))
    expect.soft(topics['exit-codes']).toMatch(new RegExp(`^ +${code} `, 'm'))
})

test('an error says what happened, what to do, and nothing twice', () => {
  expect(explain(failure('file-exists', 'a.jpg'))).toEqual({
    code: 'file-exists',
    text: 'A.jpg exists already. Choose another name, or replace it with --force.',
  })
  expect(explain(new Error('x'))).toBeNull()
})

test('every text ends as a sentence', () => {
  for (const [code, write] of Object.entries(errorText)) {
    const { what, advice } = (write as (...values: readonly unknown[]) => { what: string; advice: string })(
      'A',
      'B',
    )
    expect.soft(what.length, code).toBeGreaterThan(0)
    expect.soft(advice, code).toMatch(/[.!?]$/)
  }
})
