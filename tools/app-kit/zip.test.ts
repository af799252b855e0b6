/** The archive is opened by what everybody has. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeZip, type ZipFile } from '../../apps/web/src/screens/account/readable/zip.ts'

async function* some(): AsyncGenerator<ZipFile> {
  yield { name: 'notes.json', bytes: [new TextEncoder().encode('{"a":'), new TextEncoder().encode('1}')] }
  yield { name: 'pictures/größe.bin', bytes: [new Uint8Array(70_000).map((_, at) => at % 251)] }
  yield { name: 'empty', bytes: [] }
}

test("Python's zipfile finds each file whole, under its name", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-zip-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const parts: Uint8Array[] = []
  for await (const part of writeZip(some(), Date.UTC(2026, 10, 21))) parts.push(part)
  writeFileSync(join(folder, 'a.zip'), Buffer.concat(parts))
  const script =
    'import zipfile; z = zipfile.ZipFile("a.zip"); assert z.testzip() is None; z.extractall("out")'
  execFileSync('python3', ['-c', script], { cwd: folder, timeout: 60_000 })
  expect(readFileSync(join(folder, 'out/notes.json'), 'utf8')).toBe('{"a":1}')
  expect(readFileSync(join(folder, 'out/pictures/größe.bin'))[300]).toBe(300 % 251)
  expect(readFileSync(join(folder, 'out/empty'))).toHaveLength(0)
})
