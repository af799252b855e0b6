/**
 * What people do at random: write, answer, edit, take back, add files, follow, block, come and go.
 *
 *     person ─dice▶ act ─peer▶ acknowledged ─▶ ledger
 *
 * @module
 */
import { type Cid, EffigyError, type Identity, type Payload, type RawCid } from '@effigy/core'
import type { Peer, Published } from '@effigy/peer'
import type { Item, WatchPolicy } from '@effigy/store'
import type { Random } from '../seed.ts'
import type { Ledger } from './ledger.ts'
import type { Machine } from './machine.ts'

export interface ActPorts {
  readonly ledger: Ledger
  /** Everybody who can be followed, the hostile ones too. */
  readonly identities: ReadonlyMap<string, Identity>
  /** A mark in every text, so that a log that holds any is noticed. */
  readonly canary: string
}

/** What a person may be told when something cannot be done now: that is an answer too. */
export const expectedRefusals: ReadonlySet<string> = new Set([
  'not-own-entry',
  'not-editable',
  'own-feed-incomplete',
  'head-stale',
  'restored',
  'absent',
  'closed',
])

const partial: readonly WatchPolicy[] = [
  { depth: { type: 'last', count: 5 }, blobs: { type: 'all' } },
  { depth: { type: 'all' }, blobs: { type: 'none' } },
  { depth: { type: 'all' }, blobs: { type: 'up-to', bytes: 30_000 } },
]

/** Does one thing and says what; never rejects but for a fault of ours. */
export async function act(machine: Machine, peer: Peer, ports: ActPorts): Promise<string> {
  let touched: readonly RawCid[] = []
  const { ledger } = ports
  const doubt = (contents: readonly RawCid[]): void => {
    touched = contents
    ledger.settle(machine.name, contents, 'doubtful')
  }
  try {
    return await choose(machine, peer, ports, doubt)
  } catch (cause) {
    if (!(cause instanceof EffigyError && expectedRefusals.has(cause.code))) throw cause
    return `${cause.code} (${touched.length})`
  }
}

async function choose(
  machine: Machine,
  peer: Peer,
  { ledger, identities, canary }: ActPorts,
  doubt: (contents: readonly RawCid[]) => void,
): Promise<string> {
  const { random, clock, name } = machine
  const at = clock.now()
  const text = `${canary} ${name} ${random.integer(2 ** 32)}`
  const own = peer.query.feedItems(peer.identity, { limit: 60 }).items
  const notes = own.filter(isNote)

  async function publish(
    payload: object,
    files: readonly Cid[] = [],
    detached?: boolean,
  ): Promise<Published> {
    const done = await peer.publish(payload as Payload, detached === undefined ? {} : { detached })
    ledger.acknowledge(name, done.content, (payload as Payload).type, files)
    return done
  }

  async function take(
    items: readonly Item[],
    work: (contents: readonly RawCid[]) => Promise<unknown>,
  ): Promise<void> {
    const contents = items.map(({ content }) => content)
    const standing = contents.filter((content) => ledger.entries(name).get(content)?.state === 'standing')
    doubt(standing)
    await work(contents)
    ledger.settle(name, contents, 'gone')
  }

  switch (random.integer(20)) {
    case 0:
    case 1: {
      // Several at once share a commit.
      const texts = Array.from({ length: 2 + random.integer(4) }, (_, index) => `${text} ${index}`)
      await Promise.all(texts.map((one) => publish({ type: 'public_note', at, text: one })))
      return `${texts.length} notes`
    }
    case 2:
    case 3: {
      const bytes = random.bytes(random.chance(0.15) ? 300_000 : 2_000 + random.integer(40_000))
      const { root, size } = await peer.addFile(oneChunk(bytes), { signal: new AbortController().signal })
      await publish({ type: 'media', at, kind: 'document', blob: root, mime: 'text/plain', bytes: size }, [
        root,
      ])
      return `file of ${size} bytes`
    }
    case 4:
    case 5:
    case 6: {
      const target = someItem(peer, identities, random)
      if (target === null) return 'nothing to answer'
      const reference = { identity: target.identity, content: target.content, entry: target.cid, synod: null }
      if (random.chance(0.6)) {
        await publish({ type: 'comment', at, text, target: reference, thread: null })
        return 'comment'
      }
      const labels = random.chance(0.3) ? [] : ['like', `l${random.integer(3)}`]
      await publish({ type: 'tag', at, target: reference, labels })
      return 'reaction'
    }
    case 7:
    case 8: {
      const note = notes.length === 0 ? null : random.pick(notes)
      if (note === null) return 'nothing to edit'
      await take([note], async () => {
        const edited = await peer.edit(note.cid, {
          type: 'public_note',
          at,
          text: `${text} edited`,
        } as Payload)
        ledger.acknowledge(name, edited.content, 'public_note', [])
      })
      return 'edit'
    }
    case 9: {
      if (own.length === 0) return 'nothing to remove'
      const items = random.shuffle(own).slice(0, 1 + random.integer(3))
      await take(items, () => peer.remove(items.map(({ cid }) => cid)))
      return `remove ${items.length}`
    }
    case 10: {
      if (notes.length === 0) return 'nothing to erase'
      await take([random.pick(notes)], (contents) => peer.erase(contents))
      return 'erase'
    }
    case 11:
    case 12: {
      const others = [...identities.keys()].filter((other) => other !== name)
      const other = random.pick(others)
      const value = random.chance(0.75)
      const policy = random.chance(0.25) ? random.pick(partial) : undefined
      await relate(peer, 'follow', identities.get(other) as Identity, value, policy)
      return `${value ? 'follow' : 'unfollow'} ${other}`
    }
    case 13: {
      const blocked = peer.query.relations(peer.identity, 'block')
      const whom = random.pick([...identities].filter(([other]) => other !== name))
      const value = blocked.length < 2 && random.chance(0.5)
      const identity = value ? whom[1] : (blocked[0] ?? whom[1])
      await relate(peer, 'block', identity, value)
      return value ? `block ${whom[0]}` : 'unblock'
    }
    default:
      await publish({ type: 'public_note', at, text }, [], random.chance(0.7))
      return 'note'
  }
}

async function relate(
  peer: Peer,
  kind: 'follow' | 'block',
  identity: Identity,
  value: boolean,
  policy?: WatchPolicy,
): Promise<void> {
  await (policy === undefined
    ? peer.relate(kind, identity, value)
    : peer.relate(kind, identity, value, policy))
}

function isNote({ state }: Item): boolean {
  return state.type === 'shown' && state.payload.type === 'public_note'
}

/** A note of somebody followed, or of one's own. */
function someItem(peer: Peer, identities: ReadonlyMap<string, Identity>, random: Random): Item | null {
  const known = new Set(identities.values())
  const items = peer.query
    .timeline({ limit: 40 })
    .items.filter((item) => isNote(item) && known.has(item.identity))
  return items.length === 0 ? null : random.pick(items)
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
