import { expect, test } from 'vitest'
import { pathAs, readInTurn } from './fit-files.ts'

const chosen = (path: string) => ({ path, file: new File([path], path) })
const coded = (code: string) => Object.assign(new Error(code), { code })

async function readAll(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _piece of content);
}

test('a picture that became another one has the name of that, and takes nobody else’s', () => {
  const files = [chosen('a/one.HEIC'), chosen('a/two.avif'), chosen('a/two.webp')]
  expect(pathAs('a/one.HEIC', 'image/jpeg', files)).toBe('a/one.jpg')
  expect(pathAs('a/two.avif', 'image/webp', files)).toBe('a/two.avif.webp')
})

test('the file that was read last is the one that fails, where a file is to blame', async () => {
  const { entries, refusedBy } = readInTurn([chosen('one.jpg'), chosen('two.jpg'), chosen('three.jpg')])
  const fault = coded('image-damaged')
  expect(refusedBy(fault)).toBeNull()
  for (const { content } of entries.slice(0, 2)) await readAll(content)
  expect(refusedBy(fault)).toEqual({ path: 'two.jpg', error: fault })
  expect(refusedBy(coded('storage-full'))).toBeNull()
})

test('a file that went meanwhile is named, whatever the reader says of it', async () => {
  const file = new File(['x'], 'gone.jpg')
  Object.defineProperty(file, 'stream', {
    value: () => new ReadableStream({ start: (controller) => controller.error(new Error('gone')) }),
  })
  const { entries, refusedBy } = readInTurn([{ path: 'gone.jpg', file }])
  for (const { content } of entries) await expect(readAll(content)).rejects.toThrow('gone')
  expect(refusedBy(coded('source-failed'))).toMatchObject({
    path: 'gone.jpg',
    error: { code: 'file-unreadable' },
  })
})
