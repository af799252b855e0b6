/**
 * Commands that run beside others. What they say is kept in files, and told when somebody waits for their end: a pipe would fill
 * while this process waits for another command.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment, root } from './install.mjs'

/**
 * Begins one; its output stands in `folder`. `isPatient`: it takes what of the machine nobody else wants. Gives its end:
 * `code()` tells what it said, and resolves with its exit code; `stop()` ends it, and what it started.
 */
export function begin(name, command, args, { folder, isPatient = false }) {
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.txt`)
  const output = openSync(file, 'w')
  const [program, ...rest] = isPatient ? ['nice', '-n', '19', command, ...args] : [command, ...args]
  // A group of its own: all of it ends together.
  const child = spawn(program, rest, {
    ...{ cwd: root, env: environment(), detached: true },
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  if (isPatient) standBack(child.pid)
  const ended = new Promise((resolve) => {
    child.once('error', (cause) => {
      process.stderr.write(`${name}: ${cause.message}\n`)
      resolve(1)
    })
    child.once('exit', (code) => resolve(code ?? 1))
  })
  return {
    async code() {
      const code = await ended
      process.stdout.write(readFileSync(file))
      return code
    },
    stop() {
      if (child.pid === undefined || child.exitCode !== null) return
      try {
        process.kill(-child.pid, 'SIGTERM')
      } catch {
        // It ended meanwhile.
      }
    },
  }
}

/** Linux shares the machine among sessions first: a patient process in one of its own would get as much as everybody else. */
function standBack(pid) {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, '19')
  } catch {
    // Another system, or one without such shares.
  }
}
