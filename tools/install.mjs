/**
 * Makes sure that what the lock file names is installed, with whatever node is there.
 * Runs on Node 20; everything after it runs on the Node that it installs.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** The installed Node, 24 or later, on whose PATH the other tools stand too. */
export const binaries = join(root, 'node_modules', '.bin')

const stamp = join(root, 'node_modules', '.effigy-installed')

export function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write('Installing packages (npm ci) …\n')
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed: see its message above. The registry of npm must be reachable.\n')
    process.exit(npm.status ?? 1)
  }
  writeFileSync(stamp, wanted)
}

/** The environment in which `node` is the installed one. */
export function environment() {
  return { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` }
}

/** Runs a command of the installed tools in the root; gives its exit code. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options })
  if (done.error) process.stderr.write(`${command}: ${done.error.message}\n`)
  return done.status ?? 1
}
