/**
 * The `outbox.json` of a small archive, as Mastodon's servers write it.
 *
 * @module
 */

const everybody = 'https://www.w3.org/ns/activitystreams#Public'
const user = 'https://old.example/users/ada'

interface Note {
  readonly id: number
  readonly published: string
  readonly content: string
  readonly inReplyTo?: string
  readonly attachment?: readonly object[]
}

const created = ({ id, inReplyTo, attachment = [], ...note }: Note) => ({
  id: `${user}/statuses/${id}/activity`,
  type: 'Create',
  actor: user,
  published: note.published,
  to: [everybody],
  cc: [`${user}/followers`],
  object: {
    id: `${user}/statuses/${id}`,
    type: 'Note',
    summary: null,
    inReplyTo: inReplyTo ?? null,
    url: `https://old.example/@ada/${id}`,
    attributedTo: user,
    to: [everybody],
    cc: [`${user}/followers`],
    sensitive: false,
    contentMap: { en: note.content },
    attachment,
    tag: [],
    ...note,
  },
})

/** One of 2019, two of 2020 in one thread, the first with a picture; an answer to others and something passed on. */
export function mastodonOutbox(): object {
  const loaf = {
    type: 'Document',
    mediaType: 'image/png',
    url: '/media_attachments/files/1/loaf.png',
    name: 'A loaf',
    blurhash: 'U00000',
    width: 1,
    height: 1,
  }
  const items = [
    created({ id: 1, published: '2019-05-01T08:00:00Z', content: '<p>The first one</p>' }),
    created({
      id: 2,
      published: '2020-05-01T08:00:00Z',
      content: '<p>Bread &amp; butter</p>',
      attachment: [loaf],
    }),
    created({
      id: 3,
      published: '2020-05-01T08:01:00Z',
      content: '<p>and jam</p>',
      inReplyTo: `${user}/statuses/2`,
    }),
    created({
      id: 4,
      published: '2020-06-01T08:00:00Z',
      content: '<p>No</p>',
      inReplyTo: 'https://b.example/users/b/statuses/9',
    }),
    { id: `${user}/statuses/5/activity`, type: 'Announce', actor: user, object: 'https://b.example/9' },
  ]
  return {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: 'outbox.json',
    type: 'OrderedCollection',
    totalItems: items.length,
    orderedItems: items,
  }
}
