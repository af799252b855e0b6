/** Posts of an archive, published: what goes out, and what stops it. */
import { EffigyError, type Payload, parseIdentity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { expect, test } from 'vitest'
import type { Archive } from './archive/archive.ts'
import { bringPosts } from './bring.ts'
import type { Post } from './outbox.ts'

const self = parseIdentity('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')!
const secret = { key: 'key', nonce: 'nonce', bytes: 10 }

interface Changed {
  readonly isPrivate?: boolean
  readonly addFile?: () => Promise<never>
  readonly account?: object
  readonly feed?: object
}

/** What it publishes is there at once, as a page finds it. */
function openWriter() {
  const payloads: Payload[] = []
  const items = () =>
    payloads.map((payload, at) => ({
      state: { type: 'shown', payload },
      cid: `cid ${at}`,
      content: `content ${at}`,
      identity: self,
    }))
  const page = ({ isPrivate = false, account, feed, addFile }: Changed = {}): RemotePeer => {
    const peer = {
      identity: self,
      query: { feedItems: async () => ({ items: items(), next: null }) },
      privateFeed: { status: async () => ({ isPrivate }) },
      account: { show: async () => account ?? null },
      inspecting: { feed: async () => feed ?? null },
      async publish(payload: Payload) {
        payloads.push(payload)
        return items().at(-1)
      },
      addFile:
        addFile ??
        (async (_: Blob, { encrypted }: { readonly encrypted: boolean }) => ({
          root: 'root',
          size: 10,
          secret: encrypted ? secret : null,
          mediaType: null,
          removed: [],
          metadata: 'none',
        })),
    }
    return peer as unknown as RemotePeer
  }
  return { page, payloads }
}

const archive: Archive = {
  files: [],
  read: async (name) => (name === 'a.txt' ? new Blob(['plain text']) : null),
}
const options = { signal: new AbortController().signal, sensitive: 'Look away', onProgress() {} }
const post = (number: number, more: Partial<Post> = {}): Post => ({
  id: `https://old.example/${number}`,
  at: number,
  text: `note ${number}`,
  warning: '',
  tags: [],
  language: null,
  media: [],
  isSensitive: false,
  after: null,
  isUnlisted: false,
  ...more,
})
const media = [{ file: 'a.txt', mime: 'text/plain', alt: '' }]

test('[P10] what was sensitive without a warning in words goes out behind one', async () => {
  const { page, payloads } = openWriter()
  await bringPosts(
    page(),
    archive,
    [
      post(1, { isSensitive: true, media }),
      post(2, { isSensitive: true, media, warning: 'food' }),
      // There it covered files alone.
      post(3, { isSensitive: true }),
      post(4, { media }),
    ],
    options,
  )
  expect(payloads.map((payload) => ('cw' in payload ? payload.cw : null))).toEqual([
    'Look away',
    'food',
    null,
    null,
  ])
})

test('a file that fails in passing stops it, and comes with its note the next time; one that is bad stays out', async () => {
  const { page, payloads } = openWriter()
  const failing = (code: string) => page({ addFile: () => Promise.reject(new EffigyError(code, code)) })
  for (const code of ['timeout', 'blob-altered', 'storage-full', 'image-unreadable', 'unheard-of'])
    await expect(bringPosts(failing(code), archive, [post(1, { media })], options)).rejects.toThrow(code)
  await expect(
    bringPosts(
      page({ addFile: () => Promise.reject(new TypeError('no code')) }),
      archive,
      [post(1, { media })],
      options,
    ),
  ).rejects.toThrow('no code')
  expect(payloads).toEqual([])
  expect(await bringPosts(page(), archive, [post(1, { media })], options)).toEqual({
    notes: 1,
    known: 0,
    lostFiles: 0,
  })
  expect(payloads).toMatchObject([{ attachments: [{ blob: 'root' }] }])
  expect(await bringPosts(failing('media-damaged'), archive, [post(2, { media })], options)).toEqual({
    notes: 1,
    known: 0,
    lostFiles: 1,
  })
})

test('[X21] of who is read by some, files are sealed', async () => {
  const { page, payloads } = openWriter()
  await bringPosts(page({ isPrivate: true }), archive, [post(1, { media })], options)
  await bringPosts(page(), archive, [post(2, { media })], options)
  expect(payloads).toMatchObject([{ attachments: [{ secret }] }, { attachments: [{}] }])
  expect(payloads[1]).not.toMatchObject({ attachments: [{ secret }] })
})

test('two tabs do not bring the same at once', async () => {
  const { page, payloads } = openWriter()
  const posts = [post(1), post(2)]
  const [one, other] = await Promise.allSettled([
    bringPosts(page(), archive, posts, options),
    bringPosts(page(), archive, posts, options),
  ])
  expect(one).toMatchObject({ status: 'fulfilled', value: { notes: 2 } })
  expect(other).toMatchObject({ status: 'rejected', reason: { code: 'bring-elsewhere' } })
  expect(payloads).toHaveLength(2)
  expect(await bringPosts(page(), archive, posts, options)).toMatchObject({ notes: 0, known: 2 })
})

test('while something of an own device is missing here, nobody knows what was brought already', async () => {
  const { page, payloads } = openWriter()
  const account = { root: 'root', members: [{ identity: self }], revoked: [], frozen: [] }
  const having = (...runs: readonly object[]) => page({ account, feed: { head: { length: 3 }, runs } })
  for (const runs of [
    [],
    [{ first: 1, last: 2 }],
    [{ first: 2, last: 3 }],
    [
      { first: 1, last: 1 },
      { first: 3, last: 3 },
    ],
  ])
    await expect(bringPosts(having(...runs), archive, [post(1)], options)).rejects.toThrow(
      expect.objectContaining({ code: 'own-feed-incomplete' }),
    )
  expect(payloads).toEqual([])
  expect(await bringPosts(having({ first: 1, last: 3 }), archive, [post(1)], options)).toMatchObject({
    notes: 1,
  })
})
