/**
 * Installs Debian packages that tests need, when we are root on Debian; elsewhere says what is missing.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** True when `binary` is there in the end. */
export function needDebian(binary, packages, purpose) {
  if (existsSync(binary)) return true
  const isRoot = process.getuid?.() === 0
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(
      `missing: ${binary} (Debian: apt-get install ${packages.join(' ')}). Left out: ${purpose}.\n`,
    )
    return false
  }
  process.stderr.write(`Installing ${packages.join(' ')} for ${purpose} …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env }
  spawnSync('apt-get', ['-qq', 'update'], options)
  spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...packages], options)
  return existsSync(binary)
}
