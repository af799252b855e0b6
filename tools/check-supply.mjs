/**
 * The supply-chain rule [T23]: exact versions, the npm registry alone, and no install
 * script beyond the ones named here with their reason.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './install.mjs'

/** Packages that may run a script when installed. */
const allowedScripts = new Map([['node', 'copies the Node binary of its platform package into place']])

/** Binaries for other systems, written into the lock file by hand where the registry at hand had none to hash. */
const unhashed = /^@biomejs\/cli-(android|darwin|win32)-|^@biomejs\/cli-linux-.*-musl$/

const problems = []
const manifests = ['.', ...folders('packages'), ...folders('apps')]
for (const folder of manifests) {
  const manifest = readJson(join(folder, 'package.json'))
  for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
    for (const [name, version] of Object.entries(manifest[field] ?? {})) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
        problems.push(`${folder}/package.json: ${field} ${name} must be one exact version, not "${version}"`)
      }
    }
  }
}
const lock = readJson('package-lock.json')
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.link || !path.includes('node_modules/')) continue
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  if (!entry.integrity && !(entry.optional && unhashed.test(name)))
    problems.push(`package-lock.json: ${name} has no integrity hash`)
  if (entry.resolved) problems.push(`package-lock.json: ${name} names a download address`)
  if (entry.hasInstallScript && !allowedScripts.has(name) && !entry.optional) {
    problems.push(`package-lock.json: ${name} wants to run a script when installed`)
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(`${manifests.length} manifests, ${Object.keys(lock.packages).length} packages checked\n`)
process.exit(problems.length === 0 ? 0 : 1)

function folders(parent) {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(parent, entry.name))
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}
