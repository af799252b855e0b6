/** The web app over HTTP: its files, the addresses inside it, and what its pages may run (T9, T23). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import type { Log } from '@effigy/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appOf, openApp, type ServedApp } from './served-app.ts'

let folder: string
let app: ServedApp
const script = 'globalThis.isHere = true\n'.repeat(20)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'effigy-app-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Effigy</title>')
  writeFileSync(join(folder, 'service-worker.js'), script)
  writeFileSync(join(folder, 'assets', 'index-abc.js'), script)
  writeFileSync(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(script))
  writeFileSync(join(folder, '.stamp'), 'secret of the build')
  app = openApp(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('where nothing was built it says so', () => {
  expect(() => openApp(join(folder, 'assets'))).toThrow(expect.objectContaining({ code: 'app-missing' }))
})

test('the log says where no app was built and none was declined; one that was built, or named, is served', () => {
  const warned: string[] = []
  const log: Log = { info: () => {}, warn: (event) => void warned.push(event) }
  const empty = join(folder, 'assets')
  expect(appOf('off', empty, log)).toBeNull()
  for (const served of [appOf(null, folder, log), appOf(folder, empty, log)]) {
    expect(String(served?.page({}).body)).toContain('<title>Effigy')
  }
  expect(() => appOf(empty, folder, log)).toThrow(expect.objectContaining({ code: 'app-missing' }))
  expect(warned).toEqual([])
  expect(appOf(null, empty, log)).toBeNull()
  expect(warned).toEqual(['app.not-built'])
})

describe('files', () => {
  test('are given whole, or as they were compressed for who takes that', () => {
    const plain = app.file('/assets/index-abc.js', {})
    expect(String(plain?.body)).toBe(script)
    const packed = app.file('/assets/index-abc.js', { 'accept-encoding': 'gzip, br' })
    expect(packed?.headers?.['Content-Encoding']).toBe('br')
    expect(brotliDecompressSync(packed?.body as Uint8Array).toString()).toBe(script)
  })

  test('with a hash in their name they stay for ever, others are asked for again', () => {
    expect(app.file('/assets/index-abc.js', {})?.headers?.['Cache-Control']).toContain('immutable')
    const worker = app.file('/service-worker.js', {})
    expect(worker?.headers?.['Cache-Control']).toBe('no-cache')
    expect(app.file('/service-worker.js', { 'if-none-match': worker?.headers?.ETag })?.status).toBe(304)
  })

  test.for(['/.stamp', '/assets', '/assets/index-abc.js.br', '/../package.json', '/assets/../index.html'])(
    'there is no %s',
    (path) => expect(app.file(path, {})).toBeNull(),
  )
})

test('a manifest is given in the language of the browser, where the build has it', () => {
  writeFileSync(join(folder, 'manifest.webmanifest'), '{"name":"English"}')
  writeFileSync(join(folder, 'manifest.de.webmanifest'), '{"name":"Deutsch"}')
  writeFileSync(join(folder, 'manifest.de.webmanifest.br'), brotliCompressSync('{"name":"Deutsch"}'))
  const built = openApp(folder)
  const ask = (headers: Record<string, string>) => built.file('/manifest.webmanifest', headers)
  const german = ask({ 'accept-language': 'fr, de-AT;q=0.8, en;q=0.5' })
  expect(String(german?.body)).toContain('Deutsch')
  expect(german?.type).toContain('application/manifest+json')
  for (const wish of ['en-GB, de;q=0.9', 'ar', '', '../de'])
    expect(String(ask({ 'accept-language': wish })?.body)).toContain('English')
  const packed = ask({ 'accept-language': 'de', 'accept-encoding': 'br' })
  expect(brotliDecompressSync(packed?.body as Uint8Array).toString()).toContain('Deutsch')
  // Nobody keeps one of them for somebody of another language.
  expect(german?.headers?.Vary).toBe('Accept-Encoding, Accept-Language')
  expect(ask({ 'if-none-match': String(german?.headers?.ETag) })?.status).toBe(200)
  expect(ask({ 'accept-language': 'de', 'if-none-match': String(german?.headers?.ETag) })?.status).toBe(304)
  expect(app.file('/manifest.webmanifest', {})).toBeNull()
})

test('the service worker gets the page by its own name, as it is to be shown: with its policy', () => {
  const kept = app.file('/index.html', { accept: '*/*' })
  expect(kept).toEqual(app.page({ accept: '*/*' }))
  expect(kept?.headers?.['Content-Security-Policy']).toContain("require-trusted-types-for 'script'")
})

test('[T9] the page runs scripts of its own origin alone, and no text becomes one', () => {
  const policy = app.page({}).headers?.['Content-Security-Policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'")
  expect(policy).toContain("require-trusted-types-for 'script'")
  expect(policy).not.toMatch(/script-src[^;]* 'unsafe-/)
  expect(policy).toContain("frame-ancestors 'none'")
})
