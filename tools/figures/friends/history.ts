/**
 * What a person does at random: writes, pictures, comments, reactions, edits, deletes, erases, follows, unfollows.
 *
 * @module
 */
import { EffigyError, type Payload } from '@effigy/core'
import type { Item } from '@effigy/store'
import type { Random } from '@effigy/testkit'
import { pngOf } from '../kills/picture.ts'
import type { Person } from '../world.ts'

/** What was done, for the trace of a failing seed. */
export async function act(person: Person, others: readonly Person[], random: Random): Promise<string> {
  const { peer } = person
  const at = person.clock.now()
  const text = `${person.name} ${random.integer(2 ** 32)}`
  const own = peer.query.feedItems(peer.identity, { limit: 100 }).items
  const shown = own.filter(isNote)
  switch (random.integer(14)) {
    case 0:
    case 1:
    case 2:
      await peer.publish({ type: 'public_note', at, text } as Payload, { detached: random.chance(0.5) })
      return 'note'
    case 3: {
      // Several at once share a commit.
      const notes = Array.from({ length: 5 }, (_, index) => ({
        type: 'public_note',
        at,
        text: `${text} ${index}`,
      }))
      await Promise.all(notes.map((note) => peer.publish(note as Payload)))
      return 'five notes at once'
    }
    case 4: {
      const { root } = await peer.addFile(oneChunk(pngOf(random)), { signal: new AbortController().signal })
      const image = { type: 'image', at, blob: root, mime: 'image/png', width: 16, height: 16, alt: text }
      await peer.publish(image as Payload)
      return 'picture'
    }
    case 5: {
      const bytes = random.bytes(random.chance(0.3) ? 300_000 : 20_000)
      const { root, size } = await peer.addFile(oneChunk(bytes), { signal: new AbortController().signal })
      const media = { type: 'media', at, kind: 'document', blob: root, mime: 'text/plain', bytes: size }
      await peer.publish(media as Payload)
      return `file of ${size} bytes`
    }
    case 6:
    case 7: {
      const target = randomItem(others, peer, random)
      if (target === null) return 'nothing to answer'
      const { identity, content, cid } = target
      const reference = { identity, content, entry: cid, synod: null }
      const payload = random.chance(0.5)
        ? { type: 'comment', at, text, target: reference, thread: null }
        : {
            type: 'tag',
            at,
            target: reference,
            labels: random.chance(0.3) ? [] : ['like', `l${random.integer(3)}`],
          }
      await peer.publish(payload as Payload)
      return payload.type
    }
    case 8:
    case 9: {
      if (shown.length === 0) return 'nothing to edit'
      const { cid } = random.pick(shown)
      await peer.edit(cid, { type: 'public_note', at, text: `${text} edited` } as Payload)
      return 'edit'
    }
    case 10: {
      if (own.length === 0) return 'nothing to delete'
      const gone = random.shuffle(own).slice(0, 1 + random.integer(3))
      await peer.remove(gone.map(({ cid }) => cid))
      return `delete ${gone.map(({ length }) => length).join(' ')}`
    }
    case 11: {
      if (shown.length === 0) return 'nothing to erase'
      await peer.erase([random.pick(shown).content])
      return 'erase'
    }
    case 12: {
      const other = random.pick(others)
      const value = random.chance(0.8)
      await peer.relate('follow', other.peer.identity, value)
      return `${value ? 'follow' : 'unfollow'} ${other.name}`
    }
    default: {
      const name = {
        type: 'identification',
        at,
        name: text,
        about: '',
        avatar: null,
        hubs: [],
        box: 'A'.repeat(43),
      }
      await peer.publish(name as unknown as Payload)
      return 'profile'
    }
  }
}

function isNote({ state }: Item): boolean {
  return state.type === 'shown' && state.payload.type === 'public_note'
}

function randomItem(others: readonly Person[], { query }: Person['peer'], random: Random): Item | null {
  const items = others.flatMap(({ peer }) => query.feedItems(peer.identity).items)
  return items.length === 0 ? null : random.pick(items)
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** As `act`, for one whose feed cannot be written at the moment: that is an answer too. */
export async function tryToAct(person: Person, others: readonly Person[], random: Random): Promise<string> {
  try {
    return await act(person, others, random)
  } catch (cause) {
    if (cause instanceof EffigyError && cause.code === 'not-own-entry') return 'too late'
    throw cause
  }
}
