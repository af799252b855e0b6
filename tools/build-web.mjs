/**
 * Builds the web app into `apps/web/dist`, when something that it is made of changed since; each file also as
 * gzip and Brotli, so that a hub compresses nothing.
 *
 *     sources ─hash─▶ the same as of the last build? nothing to do : vite build ─▶ dist, .gz, .br, stamp
 *
 * One build at a time, also from several processes: the others wait for it.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { environment, root, run } from './install.mjs'

const web = join(root, 'apps/web')
const dist = join(web, 'dist')
const stampFile = join(dist, '.stamp')
const lock = join(web, '.building')

/** What the app is made of. */
const sources = [
  'apps/web',
  'packages/core',
  'packages/crypto',
  'packages/links',
  'packages/peer',
  'packages/react',
].concat(['packages/store', 'packages/sync'])

/** ms that a build may take, two thirds of it Vite; one that has not ended by then is taken for dead. */
const patienceMs = 180_000

const compressible = new Set(['.css', '.html', '.js', '.svg', '.wasm', '.webmanifest'])

/** Returns the exit code; 0 also where nothing had to be done. */
export function buildWeb() {
  const wanted = stamp()
  const deadlineMs = performance.now() + 2 * patienceMs
  while (true) {
    if (isCurrent(wanted)) return 0
    if (take()) break
    if (performance.now() > deadlineMs) {
      process.stderr.write(`Another build of the web app does not end. If there is none, remove ${lock}.\n`)
      return 1
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  try {
    // Also when tests ask for it.
    const env = { ...environment(), NODE_ENV: 'production' }
    const vite = ['build', '--logLevel', 'warn', join('apps', 'web')]
    const code = run('vite', vite, { env, timeout: (patienceMs * 2) / 3, killSignal: 'SIGKILL' })
    if (code !== 0) return code
    compress(dist)
    writeFileSync(stampFile, wanted)
    return 0
  } finally {
    // Not that of whoever took us for dead.
    if (isOurs()) rmSync(lock, { force: true })
  }
}

function isCurrent(wanted) {
  try {
    return readFileSync(stampFile, 'utf8') === wanted
  } catch {
    return false
  }
}

function take() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (cause) {
    if (cause.code !== 'EEXIST') throw cause
    try {
      // Also one of a clock that was ahead.
      if (Math.abs(Date.now() - statSync(lock).mtimeMs) > patienceMs) rmSync(lock, { force: true })
    } catch {
      // Whoever had it is done.
    }
    return false
  }
}

function isOurs() {
  try {
    return readFileSync(lock, 'utf8') === String(process.pid)
  } catch {
    return false
  }
}

function stamp() {
  const hash = createHash('sha256')
  hash.update(readFileSync(join(root, 'package-lock.json')))
  for (const folder of sources) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/^(dist|node_modules|\.building)([\\/]|$)|\.test\.tsx?$|\.browser-test\.tsx?$/.test(name)) continue
      const path = join(root, folder, name)
      if (!statSync(path).isFile()) continue
      hash.update(`${folder}/${name}\0`)
      hash.update(readFileSync(path))
    }
  }
  return hash.digest('hex')
}

function compress(folder) {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!compressible.has(extname(name))) continue
    const bytes = readFileSync(join(folder, name))
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    const smaller = [
      ['.br', brotliCompressSync(bytes, { params })],
      ['.gz', gzipSync(bytes, { level: 9 })],
    ]
    for (const [ending, packed] of smaller)
      if (packed.length < bytes.length) writeFileSync(join(folder, `${name}${ending}`), packed)
  }
}

if (process.argv[1] === import.meta.filename) process.exit(buildWeb())
