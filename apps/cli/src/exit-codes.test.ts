/** Exit codes and error texts: every code has both, and none is told without advice. */
import { expect, test } from 'vitest'
import { exitCode, exitCodeOf, knownErrorCodes } from './exit-codes.ts'
import { explain, failure } from './failure.ts'
import { errorText, otherErrors, topics } from './messages/index.ts'

test('every error of the catalogue has an exit code of its own kind', () => {
  for (const code of [...Object.keys(errorText), ...Object.keys(otherErrors)]) {
    expect.soft(exitCodeOf(code), code).not.toBe(exitCode.bug)
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
