import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mediaName, parseOutbox } from '../../apps/web/src/screens/bring/outbox.ts'
import { choosePosts } from '../../apps/web/src/screens/bring/read-archive.ts'

const everybody = 'https://www.w3.org/ns/activitystreams#Public'
const id = (name: string): string => `https://old.example/users/ada/statuses/${name}`

const create = (name: string, note: object = {}) => ({
  type: 'Create',
  object: {
    type: 'Note',
    id: id(name),
    published: `2020-01-0${name}T10:00:00Z`,
    content: `<p>note ${name}</p>`,
    summary: null,
    inReplyTo: null,
    to: [everybody],
    cc: ['https://old.example/users/ada/followers'],
    ...note,
  },
})

const read = (...orderedItems: readonly object[]) =>
  parseOutbox(JSON.stringify({ type: 'OrderedCollection', orderedItems }))

test('own notes, oldest first, with what they have', () => {
  const outbox = read(
    create('2', {
      summary: 'food\n',
      contentMap: { de: '' },
      tag: [
        { type: 'Hashtag', name: '#bread' },
        { type: 'Mention', name: '@x@y' },
      ],
      attachment: [
        { mediaType: 'image/png', url: '/media_attachments/files/1/original/a.png', name: ' A loaf ' },
        { mediaType: 'image/png', url: '/media_attachments/../../etc/passwd', name: null },
      ],
    }),
    create('1', { to: ['https://old.example/users/ada/followers'], cc: [everybody] }),
  )
  expect(outbox?.posts.map(({ text, isUnlisted }) => [text, isUnlisted])).toEqual([
    ['note 1', true],
    ['note 2', false],
  ])
  expect(outbox?.posts[1]).toEqual({
    id: id('2'),
    at: Date.UTC(2020, 0, 2, 10),
    text: 'note 2',
    warning: 'food',
    tags: ['bread'],
    language: 'de',
    media: [{ file: 'media_attachments/files/1/original/a.png', mime: 'image/png', alt: 'A loaf' }],
    isSensitive: false,
    after: null,
    isUnlisted: false,
  })
})

test('what was passed on, was for some, or answers others stays out; own threads stay whole', () => {
  const outbox = read(
    { type: 'Announce', object: 'https://b.example/1' },
    create('1'),
    // Its clock was wrong: it was said before what it answers.
    create('3', { inReplyTo: id('2'), published: '2019-01-01T00:00:00Z' }),
    create('2', { inReplyTo: id('1') }),
    create('4', { inReplyTo: 'https://b.example/1' }),
    create('5', { inReplyTo: id('4') }),
    create('6', { to: ['https://old.example/users/ada/followers'], cc: [] }),
    create('7', { type: 'Question' }),
    create('8', { inReplyTo: id('9') }),
    create('9', { inReplyTo: id('8') }),
  )
  expect(outbox?.posts.map(({ id: name, after }) => [name, after])).toEqual([
    [id('1'), null],
    [id('2'), id('1')],
    [id('3'), id('2')],
  ])
  expect(outbox?.leftOut).toEqual({ boosts: 1, answers: 4, restricted: 1, others: 1 })
})

test('what was covered there is known to be, whatever it says besides', () => {
  // As servers write it where a person pressed "mark media as sensitive".
  const outbox = read(
    create('1', { sensitive: true, summary: null }),
    create('2', { sensitive: true, summary: 'food' }),
    create('3', { sensitive: 'true' }),
  )
  expect(outbox?.posts.map(({ isSensitive, warning }) => [isSensitive, warning])).toEqual([
    [true, ''],
    [true, 'food'],
    [false, ''],
  ])
})

test('[S20] what was on no public list stays out with all that hangs from it; threads go with the year they began in', () => {
  const quiet = { to: ['https://old.example/users/ada/followers'], cc: [everybody] }
  const outbox = read(
    create('1'),
    create('2', { inReplyTo: id('1'), ...quiet }),
    create('3', { inReplyTo: id('2') }),
    create('4', { inReplyTo: id('1'), published: '2021-06-01T10:00:00Z' }),
    create('5', quiet),
    create('6', { published: '2021-06-01T10:00:00Z' }),
  )
  if (outbox === null) throw new Error('no outbox')
  const archive = { ...outbox, archive: { files: [], read: async () => null } }
  const chosen = (hasUnlisted: boolean) => {
    const { posts, otherYears, unlisted } = choosePosts(archive, { from: 2020, to: 2020, hasUnlisted })
    return { names: posts.map((post) => post.id.slice(-1)).sort(), otherYears, unlisted }
  }
  expect(chosen(false)).toEqual({ names: ['1', '4'], otherYears: 1, unlisted: 3 })
  expect(chosen(true)).toEqual({ names: ['1', '2', '3', '4', '5'], otherYears: 1, unlisted: 0 })
})

test('[T21] whatever stands there instead', () => {
  for (const text of ['', '{', '[]', '{"orderedItems":{}}', 'null']) expect(parseOutbox(text)).toBeNull()
  fc.assert(fc.property(fc.json(), (text) => void parseOutbox(text)))
  const changed = fc.record({
    key: fc.constantFrom(...Object.keys(create('1').object)),
    value: fc.jsonValue(),
  })
  fc.assert(fc.property(changed, ({ key, value }) => read(create('1', { [key]: value })) !== null))
  // No value of an archive is asked for its own `toString`.
  for (const key of Object.keys(create('1').object)) {
    expect(read(create('1', { [key]: { toString: null, valueOf: 1 } }))).not.toBeNull()
  }
  expect(read(create('1', { content: '<p></p>' }), create('2', { id: 'javascript:1' }))?.posts).toEqual([])
})

test('files are found by where their folder begins, and by nothing that climbs out of it', () => {
  expect(mediaName('/home/mastodon/live/public/system/media_attachments/files/1/a.png')).toBe(
    'media_attachments/files/1/a.png',
  )
  expect(mediaName('media_attachments/../actor.json')).toBeNull()
  expect(mediaName('xmedia_attachments/a.png')).toBeNull()
})
