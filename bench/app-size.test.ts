import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildWeb } from '../tools/build-web.mjs'

/** KB of scripts, gzipped, as issue 8 asks: what Home loads at first, the worker of the peer aside. */
const mostKilobytes = 250

interface Built {
  readonly file: string
  readonly name?: string
  readonly imports?: readonly string[]
}

const dist = fileURLToPath(new URL('../apps/web/dist/', import.meta.url))

test('Home loads no more scripts at first than was agreed', { timeout: 120_000 }, () => {
  expect(buildWeb()).toBe(0)
  const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8')) as Readonly<
    Record<string, Built>
  >
  const files = new Set<string>()
  const add = (key: string): void => {
    const built = manifest[key]
    if (built === undefined) throw new Error(`the build has no ${key}`)
    if (files.has(built.file)) return
    files.add(built.file)
    built.imports?.forEach(add)
  }
  const page = readFileSync(`${dist}index.html`, 'utf8')
  const begun = [...page.matchAll(/<script [^>]*src="\/([^"]+)"/g)].map(([, file]) => file)
  const entries = Object.keys(manifest).filter((key) => begun.includes(manifest[key]?.file))
  expect(entries).not.toEqual([])
  // What `load-first.ts` asks for travels as one: see `chunks.ts`.
  const home = Object.keys(manifest).filter((key) => manifest[key]?.name === 'home' && key.endsWith('.js'))
  expect(home).toHaveLength(1)
  for (const key of [...entries, ...home]) add(key)
  const bytes = [...files].map((file) => gzipSync(readFileSync(`${dist}${file}`)).length)
  const kilobytes = bytes.reduce((sum, size) => sum + size, 0) / 1_000
  expect(kilobytes).toBeLessThan(mostKilobytes)
  // Or it was something else that was measured.
  expect(kilobytes).toBeGreaterThan(mostKilobytes / 2)
})
