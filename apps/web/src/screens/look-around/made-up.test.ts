/** What the people who were made up say is, in every language, what a peer would take of real ones; and what is asked here has its answer. */
import { type ContentName, payloadMentions, payloadReferences, payloadTags, writePayload } from '@effigy/core'
import { expect, test } from 'vitest'
import type { Texts } from '../../words/define.ts'
import { pseudo } from '../../words/pseudo.ts'
import type { Say } from '../../words/use-words.ts'
import { createDemoPeer } from './demo-peer.ts'
import { type MadeUp, makeUp } from './made-up.ts'
import { ar } from './words.ar.ts'
import { de } from './words.de.ts'
import { es } from './words.es.ts'
import { words } from './words.ts'

const { english } = words
const pseudoTexts = Object.fromEntries(Object.entries(english).map(([key, text]) => [key, pseudo(text)]))
const languages = Object.entries<Texts>({ en: english, de, es, ar, pseudo: pseudoTexts })

const now = Date.UTC(2026, 0, 5)

function sayIn(texts: Texts): Say<typeof english> {
  return (key, values = {}) =>
    (texts[key] ?? '').replace(/\{\{(\w+)\}\}/g, (_match, name: string) => String(values[name]))
}

const payloadsOf = ({ items }: MadeUp) =>
  items.map(({ state }) => {
    if (state.type !== 'shown') throw new Error('it is not shown')
    return state.payload
  })

test.for(languages)('every payload is one, in %s', ([, texts]) => {
  const payloads = payloadsOf(makeUp(sayIn(texts), now))
  expect(payloads.length).toBeGreaterThan(12)
  for (const payload of payloads) expect(writePayload(payload)).toMatchObject({ ok: true })
})

test.for(languages)(
  'who is named stands in the text, and a tag leads to several notes, in %s',
  ([, texts]) => {
    const made = makeUp(sayIn(texts), now)
    const payloads = payloadsOf(made)
    const mentions = payloads.flatMap((payload) =>
      payloadMentions(payload).map(({ name, identity }) => ({ name, identity, payload })),
    )
    expect(mentions.length).toBeGreaterThan(0)
    for (const { name, identity, payload } of mentions) {
      expect(payload).toMatchObject({ text: expect.stringContaining(`@${name}`) })
      expect(made.people.get(identity)?.name).toBe(name)
    }
    const tags = payloads.flatMap(payloadTags)
    expect(tags.some((tag) => tags.filter((each) => each === tag).length >= 3)).toBe(true)
  },
)

test('the peer has whatever a note, an answer or a person leads to', async () => {
  const made = makeUp(sayIn(english), now)
  const peer = createDemoPeer(made)
  const over = new AbortController()
  async function first<Value>(answers: AsyncIterable<Value>): Promise<Value> {
    for await (const answer of answers) return answer
    throw new Error('there is no answer')
  }
  const resolve = ({ identity, content }: ContentName) =>
    first(peer.live('resolve', [identity, content], over.signal))
  for (const payload of payloadsOf(made)) {
    for (const name of payloadReferences(payload)) expect(await resolve(name)).not.toBeNull()
  }
  for (const identity of new Set(made.items.map((item) => item.identity))) {
    expect(await first(peer.live('people.show', [identity], over.signal))).toMatchObject({ isFollowed: true })
  }
  const { items } = await first(peer.live('timeline', [{ limit: 50, after: null }], over.signal))
  expect(items.map(({ sort }) => sort)).toEqual(items.map(({ sort }) => sort).sort((a, b) => b - a))
  const threads = await Promise.all(
    items.map(({ identity, content }) => first(peer.live('thread', [identity, content], over.signal))),
  )
  // Each note is a beginning, and all answers hang from one.
  expect(items.length + threads.flatMap((thread) => thread.items).length).toBe(made.items.length)
  await expect(first(peer.live('reading.marker', [], over.signal))).rejects.toMatchObject({ code: 'unknown' })
  over.abort()
})
