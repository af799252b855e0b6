import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url } from '@effigy/core'
import { expect, onTestFinished, test } from 'vitest'
import { isKey, keyFileName, prepareKey, readKey } from './key.ts'

function home(): string {
  const path = mkdtempSync(join(tmpdir(), 'effigy-key-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('made once, for its owner alone', () => {
  const at = home()
  const key = prepareKey(at, randomBytes)
  expect(prepareKey(at, randomBytes)).toEqual(new Uint8Array(key))
  expect(readdirSync(at)).toEqual([keyFileName])
  expect(statSync(join(at, keyFileName)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(at, keyFileName), 'utf8')).toBe(`${encodeBase64url(key)}\n`)
})

test('one that others could read is shut', () => {
  const at = home()
  prepareKey(at, randomBytes)
  chmodSync(join(at, keyFileName), 0o644)
  prepareKey(at, randomBytes)
  expect(statSync(join(at, keyFileName)).mode & 0o777).toBe(0o600)
})

test.for(['', 'x', 'A'.repeat(42), `${'A'.repeat(43)}A`, `${'A'.repeat(42)}=`])(
  '%j is no key: nothing starts with it',
  (text) => {
    const at = home()
    writeFileSync(join(at, keyFileName), text)
    expect(() => prepareKey(at, randomBytes)).toThrow(expect.objectContaining({ code: 'admin-key' }))
  },
)

test('none there', () => {
  expect(readKey(join(home(), keyFileName))).toBeNull()
})

test('the same key, and nothing else', () => {
  const key = new Uint8Array(randomBytes(32))
  const text = encodeBase64url(key)
  expect(isKey(key, text)).toBe(true)
  for (const other of ['', text.slice(1), `${text}A`, encodeBase64url(new Uint8Array(32))]) {
    expect(isKey(key, other)).toBe(false)
  }
  // Of no form compares with zeros, and is none even where the key is zeros.
  expect(isKey(new Uint8Array(32), 'x')).toBe(false)
})
