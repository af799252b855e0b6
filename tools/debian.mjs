/**
 * Installs Debian packages that tests need, when we are root on Debian; elsewhere says what is missing.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Asked by packages whether their daemon may start: tests start it themselves, and end it. */
const policyPath = '/usr/sbin/policy-rc.d'

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
  const isOurs = !existsSync(policyPath)
  if (isOurs) writeFileSync(policyPath, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install(packages, options)
  } finally {
    if (isOurs) rmSync(policyPath, { force: true })
  }
  return existsSync(binary)
}

function install(packages, options) {
  spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...packages], options)
}
