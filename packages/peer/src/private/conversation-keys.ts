/**
 * The key under which this device writes to some people (spec Q21): one that it handed out itself, to exactly the readers of
 * now. A device that joins or goes makes the next generation due, so nobody who was taken away reads on (T21).
 *
 *     people ─▶ newest own key ─its prints are those of the readers▶ use it
 *                              └ none, or others ─▶ next generation, handed out with up to 8 former keys
 *
 * @module
 */
import { accountKey, encodeBase64url, type Identity, readerPrint, type Sha256 } from '@effigy/core'
import type { ContentKey, ConversationName, Store } from '@effigy/store'
import type { HandOut } from './hand-out.ts'
import { peopleOf } from './people.ts'

export interface ConversationKeysPorts {
  readonly store: Store
  readonly self: Identity
  readonly sha256: Sha256
  readonly handOut: HandOut
  readonly random: (length: number) => Uint8Array
}

/** One that this device handed out. */
export type OwnKey = Omit<ContentKey, 'id'>

export interface ConversationKeys {
  /** A key that all readers of now have, and nobody else. Throws as `HandOut` does. */
  forReaders(people: ConversationName, readers: () => readonly Uint8Array[]): Promise<OwnKey>
}

const maxFormer = 8

/** Conversations whose key is kept at hand. */
const maxRemembered = 1_024

/** Readers that change each time while a key is handed out: then it is that of the last. */
const maxRounds = 4

export function createConversationKeys(ports: ConversationKeysPorts): ConversationKeys {
  const { store, self, sha256, handOut, random } = ports

  /** The key that was used last, by conversation: finding it looks at all own ones. */
  const last = new Map<string, OwnKey>()

  /** Own keys for these people, the newest first; both as they are known now: a device may have got an account since it was named. */
  function keysFor({ persons }: ConversationName): readonly ContentKey[] {
    const wanted = peopleOf(persons, ports).map(accountKey).join()
    return (store.contentKeys?.by(self) ?? []).filter(
      (key) => key.persons !== null && peopleOf(key.persons, ports).map(accountKey).join() === wanted,
    )
  }

  const printsOf = (keys: readonly Uint8Array[]): readonly string[] =>
    keys.map((key) => readerPrint(key, sha256)).sort()

  async function next(people: ConversationName, prints: readonly string[]): Promise<OwnKey> {
    const known = keysFor(people)
    const newest = known.reduce<ContentKey | null>(
      (best, key) => (best === null || key.generation > best.generation ? key : best),
      null,
    )
    const conversation = newest?.conversation ?? encodeBase64url(random(16))
    const generation = (newest?.generation ?? 0) + 1
    const former = known
      .filter((key) => key.conversation === conversation)
      .slice(0, maxFormer)
      .map((key) => [key.generation, encodeBase64url(key.key)] as const)
    const key = random(32)
    const { persons } = people
    await handOut({
      key: { kind: 'content', conversation, generation, key: encodeBase64url(key), former, knows: [] },
      to: persons,
      persons,
    })
    const made = { giver: self, conversation, generation, key, persons, prints }
    store.contentKeys?.add(made)
    return made
  }

  return {
    async forReaders(people, readers) {
      let made: OwnKey | undefined
      for (let round = 0; ; round++) {
        const prints = printsOf(readers())
        const isFor = (key: OwnKey): boolean => key.prints.toSorted().join() === prints.join()
        const known = last.get(people.name)
        if (known !== undefined && isFor(known)) return known
        const newest = made ?? keysFor(people)[0]
        if (newest !== undefined && (isFor(newest) || round === maxRounds)) {
          if (last.size >= maxRemembered) last.clear()
          last.set(people.name, newest)
          return newest
        }
        made = await next(people, prints)
      }
    },
  }
}
