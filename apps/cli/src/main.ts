#!/usr/bin/env node
/**
 * The command line. The only file here that knows the real clock, terminal and environment.
 *
 *     argv, env, stdin ─▶ program.ts ─▶ stdout, stderr, exit code
 *
 * @module
 */
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// Halves the time until a command begins. In the person's own cache folder: a shared one could be tampered with.
enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'effigy'))
const [{ systemClock }, { Interrupted, OutputFailed, ReaderGone, runProgram }] = await Promise.all([
  import('@effigy/sync'),
  import('./program.ts'),
])

const stop = new AbortController()
// Once: a second Ctrl-C ends the process at once, as every shell user expects.
process.once('SIGINT', () => stop.abort(new Interrupted()))
process.once('SIGTERM', () => stop.abort(new Interrupted()))
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    stop.abort(error.code === 'EPIPE' ? new ReaderGone() : new OutputFailed('not written', { cause: error }))
  })
}

process.exitCode = await runProgram(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  clock: systemClock,
  userHome: homedir(),
  workingFolder: process.cwd(),
  platform: process.platform,
  signal: stop.signal,
})
