/**
 * A peer over people who were made up: it answers what is asked here, from memory. It keeps nothing, tells nobody, and takes nothing.
 *
 *     HookPeer ─▶ MadeUp        the real peer is not reached from below its provider
 *
 * @module
 */
import { type ContentName, type Identity, payloadTags, type RawCid } from '@effigy/core'
import type { LiveReads } from '@effigy/peer'
import { type HookPeer, type Item, type LiveName, QueryError } from '@effigy/react'
import { drawn } from './drawings.ts'
import type { MadeUp } from './made-up.ts'

type Reads = { readonly [Name in LiveName]?: (...args: never[]) => ReturnType<LiveReads[Name]> }

export function createDemoPeer(made: MadeUp): HookPeer {
  const { people, items, reactions, drawings, self } = made

  const find = (identity: Identity, content: RawCid): Item | null =>
    items.find((item) => item.identity === identity && item.content === content) ?? null

  /** The oldest first. */
  const thread = (identity: Identity, content: RawCid): readonly Item[] =>
    items.filter((item) => belongsTo(item, { identity, content })).toReversed()

  const person = (identity: Identity) => {
    const found = people.get(identity)
    if (found === undefined) throw new QueryError('unknown', 'Nobody here has that name.')
    return found
  }

  function timeline({ identities, tag, comments = false }: TimelineQuestion) {
    const isWanted = ({ identity, state }: Item): boolean =>
      state.type === 'shown' &&
      (comments || state.payload.type !== 'comment') &&
      (identities === undefined || identities.includes(identity)) &&
      (tag === undefined || payloadTags(state.payload).some((each) => isSameTag(each, tag)))
    return { items: items.filter(isWanted), next: null }
  }

  const reads = {
    timeline,
    thread: (identity: Identity, content: RawCid) => ({ items: thread(identity, content), next: null }),
    resolve: find,
    tally: (identity: Identity, content: RawCid) => ({
      answers: thread(identity, content).length,
      reactions: (reactions.get(content) ?? []).map((given) => ({ ...given, isOwn: false })),
    }),
    gaps: () => [],
    'people.name': person,
    'people.show': person,
    'notices.words': () => [],
    'notices.isThreadMuted': () => false,
  } satisfies Reads

  async function* live(name: LiveName, args: readonly unknown[], signal: AbortSignal) {
    if (!Object.hasOwn(reads, name)) throw new QueryError('unknown', `Nobody here answers ${name}.`)
    const read = reads[name as keyof typeof reads] as (...args: readonly unknown[]) => unknown
    yield read(...args)
    // It stays as it is.
    await until(signal)
  }

  return {
    identity: self,
    live: live as HookPeer['live'],
    async fetchBlob() {},
    async *readFile(root) {
      const drawing = drawings.get(root)
      if (drawing === undefined) throw new QueryError('unknown', 'Nobody drew this.')
      yield await drawn(drawing)
    },
    statuses: nothing,
    presence: { watch: nothing },
    drops: { counts: nothing, list: async () => [], accept: refuse, remove: refuse },
  }
}

interface TimelineQuestion {
  readonly identities?: readonly Identity[]
  readonly tag?: string
  readonly comments?: boolean
}

function belongsTo({ state }: Item, { identity, content }: ContentName): boolean {
  if (state.type !== 'shown' || state.payload.type !== 'comment') return false
  const { target, thread } = state.payload
  return [target, thread].some((name) => name?.identity === identity && name.content === content)
}

const isSameTag = (one: string, other: string): boolean =>
  one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase()

/** Of what nobody here asks. */
const nothing = (): AsyncIterable<never> => {
  throw new QueryError('unknown', 'Nobody here answers this.')
}

async function refuse(): Promise<never> {
  throw new QueryError('unknown', 'Nothing is kept here.')
}

function until(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}
