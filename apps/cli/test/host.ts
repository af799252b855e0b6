/**
 * One process that runs the program many times, as it was told: loading it costs half a second of a core each time.
 *
 *     { run, words, input, env } ─▶ runProgram ─▶ { run, code, out, error }
 *
 * Only what a process of its own shows is missing: signals, pipes that break, what is left open at the end.
 *
 * @module
 */
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { systemClock } from '@effigy/sync'
import { runProgram } from '../src/program.ts'

/** What is asked of the host. */
export interface Asked {
  /** Names this run in the answer. */
  readonly run: number
  readonly words: readonly string[]
  /** Standard input. */
  readonly input: string
  /** The whole environment; `HOME` is the person's home folder. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What came of it. */
export interface Answered {
  readonly run: number
  readonly code: number
  readonly out: string
  readonly error: string
}

process.on('message', async (asked: Asked) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const printed = Promise.all([text(stdout), text(stderr)])
  const code = await runProgram(asked.words, {
    stdin: Readable.from(asked.input === '' ? [] : [Buffer.from(asked.input)], { objectMode: false }),
    stdout,
    stderr,
    env: asked.env,
    clock: systemClock,
    userHome: asked.env.HOME ?? process.cwd(),
    workingFolder: process.cwd(),
    platform: process.platform,
    signal: new AbortController().signal,
  })
  stdout.end()
  stderr.end()
  const [out, error] = await printed
  const answered: Answered = { run: asked.run, code, out, error }
  process.send?.(answered)
})
// Whoever asks has gone.
process.on('disconnect', () => process.exit())
