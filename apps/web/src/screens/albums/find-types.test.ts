import { EffigyError, type RawCid } from '@effigy/core'
import { expect, test } from 'vitest'
import { findTypes } from './find-types.ts'

const root = 'root' as RawCid

/** Rejects with what cannot be had; what is named `absent…` is waited for until the signal. */
const browse = (_: unknown, path: string, { signal }: { readonly signal: AbortSignal }) => {
  if (path.startsWith('folder')) return Promise.resolve([])
  if (path.startsWith('file')) return Promise.reject(new EffigyError('not-a-directory', 'a file'))
  if (path.startsWith('odd')) return Promise.reject(new EffigyError('blob-damaged', 'odd'))
  return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

test('[B19] what an entry is that was not here is found by asking for it as a folder', async () => {
  const found: string[] = []
  const paths = ['folder 1', 'file', 'odd', 'folder 2']
  await findTypes({ browse }, root, paths, new AbortController().signal, (path, type) => {
    found.push(`${path}: ${type}`)
  })
  expect(found.toSorted()).toEqual(['file: file', 'folder 1: directory', 'folder 2: directory'])
})

test('[B19] what nobody has keeps none of the others waiting, and is asked for no more once the folder is left', async () => {
  const found: string[] = []
  const stop = new AbortController()
  const paths = [...Array.from({ length: 15 }, (_, n) => `absent ${n}`), 'folder 1', 'file 2', 'folder 3']
  const finding = findTypes({ browse }, root, paths, stop.signal, (path) => void found.push(path))
  await expect.poll(() => found).toEqual(['folder 1', 'file 2', 'folder 3'])
  stop.abort()
  await finding
  expect(found).toHaveLength(3)
})
