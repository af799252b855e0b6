/** Tar and the texts in it: whatever stands there, reading ends with a value. */
import { concatBytes, encodeBase64url, identityOfKey, utf8 } from '@effigy/core'
import { createRandom, damaged } from '@effigy/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feedName, parseAccount, parseFeedName, parseKeys, writeContents } from './contents.ts'
import { readTar, tarBytes, tarEnd, tarHead, tarPadding } from './tar.ts'

const identity = identityOfKey(new Uint8Array(32).fill(7))
const root = encodeBase64url(new Uint8Array(32).fill(8))
const secret = encodeBase64url(new Uint8Array(32).fill(9))
const id = encodeBase64url(new Uint8Array(16).fill(1))

const archive = (files: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
  concatBytes(
    ...files.flatMap(([name, bytes]) => [
      tarHead(name, bytes.length, 1_000),
      bytes,
      tarPadding(bytes.length),
    ]),
    tarEnd,
  )
const options = { keeps: (name: string) => name !== 'large', maxContentBytes: 5_000, maxFiles: 4 }

const account = writeContents({
  v: 1,
  at: 1,
  device: identity,
  root: root as never,
  identity,
  devices: [{ identity, label: 'laptop', main: true }],
  hubs: ['ws://hub.example/effigy/1'],
  follows: [{ identity, root: null }],
  groups: [{ id, name: 'Hikers', members: [{ identity, root: null }] }],
  state: [['petname/bob', 'Bobby']],
})
const keys = writeContents({
  v: 1,
  content: [{ giver: identity, conversation: id, generation: 1, key: secret }],
  feeds: [{ feed: identity, epoch: 2, key: secret }],
})

test('[Z7] an archive gives back names, places and the contents that are kept', async () => {
  const files = [
    ['a', utf8('one')],
    ['large', new Uint8Array(100_000)],
    ['empty', new Uint8Array(0)],
    ['b', utf8('x'.repeat(512))],
  ] as const
  const bytes = archive(files)
  expect(bytes.length).toBe(files.reduce((sum, [, { length }]) => sum + tarBytes(length), tarEnd.length))
  const read = await readTar([bytes], options)
  if (!read.ok) throw new Error('not read')
  expect(read.value.map(({ name, size, content }) => [name, size, content.length])).toEqual([
    ['a', 3, 3],
    ['large', 100_000, 0],
    ['empty', 0, 0],
    ['b', 512, 512],
  ])
  for (const [index, { offset, size }] of read.value.entries()) {
    expect(bytes.slice(offset, offset + size)).toEqual(files[index]?.[1])
  }
})

test('[Z7] sizes from 8 GiB on are written in binary', async () => {
  const size = 2 ** 40 + 5
  const head = tarHead('large', size, 0)
  expect([head[124], Number(Buffer.from(head.slice(128, 136)).readBigUInt64BE())]).toEqual([0x80, size])
})

test('[Z11] cut off at each length, altered or random it is refused, never thrown', async () => {
  const bytes = archive([
    [`feeds/own/${identity.slice(8)}.car`, utf8('x')],
    ['b', utf8('y')],
  ])
  for (let length = 0; length < bytes.length - 512; length++) {
    expect((await readTar([bytes.subarray(0, length)], options)).ok).toBe(false)
  }
  const random = createRandom('tar')
  for (const copy of damaged(random, bytes, 500)) await readTar([copy], options)
  for (let run = 0; run < 200; run++) await readTar([random.bytes(2_000)], options)
  // More files, and more of one that is kept, than was asked for.
  expect(
    (await readTar([archive(Array.from({ length: 5 }, (_, at) => [`a${at}`, utf8('1')] as const))], options))
      .ok,
  ).toBe(false)
  expect((await readTar([archive([['a', new Uint8Array(6_000)]])], options)).ok).toBe(false)
})

test('[Z11] [T17] one name twice is refused, before its content is read', async () => {
  let taken = 0
  const twice = archive([
    ['a', new Uint8Array(4_000)],
    ['a', new Uint8Array(4_000)],
  ])
  function* pieces() {
    for (let at = 0; at < twice.length; at += 512) {
      taken++
      yield twice.subarray(at, at + 512)
    }
  }
  expect(await readTar(pieces(), options)).toMatchObject({ ok: false, error: { code: 'tar' } })
  expect(taken).toBeLessThan(twice.length / 512 - 4)
})

test('[Z8] the texts are read as they were written, and nothing else is', () => {
  expect(writeContents(parseAccount(account) as never)).toEqual(account)
  expect(writeContents(parseKeys(keys) as never)).toEqual(keys)
  expect(parseAccount(utf8('{"v":2}\n'))).toBe('version')
  for (const [text, parse] of [
    [account, parseAccount],
    [keys, parseKeys],
  ] as const) {
    for (let length = 0; length < text.length - 1; length++)
      expect(parse(text.subarray(0, length))).toBeNull()
    for (const copy of damaged(createRandom('texts'), text, 500)) {
      const parsed = parse(copy)
      if (parsed !== null && parsed !== 'version')
        expect(writeContents(parsed).length).toBeLessThanOrEqual(copy.length + 1)
    }
    fc.assert(fc.property(fc.json(), (json) => void parse(utf8(json))))
  }
  expect(parseFeedName(feedName({ identity, own: true }))).toEqual({ identity, own: true })
  for (const name of [
    'feeds/own/../x.car',
    'feeds/own/z6Mk.car',
    'feeds/mine/x.car',
    '/feeds/own/x.car',
    '',
  ]) {
    expect(parseFeedName(name)).toBeNull()
  }
})
