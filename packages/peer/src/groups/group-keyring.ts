/**
 * Keys of a group on the writing side: the one to write under, handed to who lacks it; a new one where none is fit
 * (spec Q12 to Q15).
 *
 *     keyFor ─▶ newest readers asked ─▶ fit key, or a new generation ─read_key▶ members ─▶ key
 *
 * @module
 */
import {
  type Account,
  type ContentReadKey,
  EffigyError,
  encodeBase64url,
  equalBytes,
  type GroupKey,
  type GroupState,
  type Identity,
  keyToWrite,
  maxFormerKeys,
  nextGeneration,
  type Payload,
  type Person,
  parseBase64url,
  type RandomBytes,
  withoutKey,
} from '@effigy/core'
import type { ContentKeys } from '@effigy/store'
import type { Published } from '../peer.ts'
import { keyContext } from '../private/contexts.ts'
import { keysOf as unique } from '../private/readers.ts'
import type { DraftOptions } from '../publish.ts'
import type { GroupReaders } from './group-readers.ts'
import type { KnownGroup } from './known-groups.ts'

/** Readers of one text: with 8 former keys and 24 operations known it fits an entry. */
export const maxReadersOfText = 32

/** Former keys that newcomers are given, the newest: of messages, of operations. */
const maxFormerGiven = { messages: 256, operations: 1_024 } as const

const keyLength = 32

/** Keys made for one text, while devices come and go. */
const maxTries = 4

export interface GroupKeyring {
  /**
   * The key under which an operation or a message is written now, once all members of whom a device is known have it.
   * Oneself must be a member.
   */
  keyFor(known: KnownGroup, kind: 'messages' | 'operations'): Promise<Uint8Array>
  /** Whether a member lacks a key that it may have, or there is none that is fit. */
  isDue(known: KnownGroup): boolean
  /** The first key of a group that is about to be created. */
  firstKey(conversation: string): Uint8Array
}

export interface GroupKeyringPorts {
  readonly self: Identity
  readonly contentKeys: ContentKeys
  readonly readers: GroupReaders
  readonly random: RandomBytes
  readonly now: () => number
  readonly publish: (payload: Payload, options: DraftOptions) => Promise<Published>
  readonly noted: (conversation: string, content: Published['content']) => void
  /** The group as it is now. */
  readonly again: (id: string) => KnownGroup
}

export function createGroupKeyring(ports: GroupKeyringPorts): GroupKeyring {
  const { self, contentKeys, readers, random } = ports

  const stateOf = ({ group }: KnownGroup): GroupState => group.at(group.heads) as GroupState

  /** Undefined: a member by what the heads know alone, of whom nobody says so who may. Nothing is known of them. */
  const accountOf = ({ group }: KnownGroup, person: Person): Account | undefined => group.named.get(person)

  function keysOfPerson(known: KnownGroup, person: Person): readonly Uint8Array[] {
    const account = accountOf(known, person)
    return (account && readers.keysOf(account)) ?? []
  }

  async function keyFor(first: KnownGroup, kind: 'messages' | 'operations'): Promise<Uint8Array> {
    let known = first
    for (let tries = 0; tries < maxTries; tries++) {
      const { state, keys, printsOf } = partOf(known, kind)
      const key = keyToWrite(keys, state, printsOf, kind === 'operations')
      if (key === null) {
        const conversation = conversationOf(known, kind)
        const generation = nextGeneration(keys)
        const made = keys.length === 0 ? unsent(conversation) : newKey(conversation, generation)
        await handOut(known, kind, { generation, key: made }, [], [...state.members.keys()])
        known = ports.again(known.id)
        continue
      }
      for (const { persons, former } of owed(known, kind, key, printsOf)) {
        const most = former.slice(0, maxFormerGiven[kind])
        for (let at = 0; at === 0 || at < most.length; at += maxFormerKeys) {
          await handOut(known, kind, key, most.slice(at, at + maxFormerKeys), persons)
        }
      }
      return parseBase64url(key.key) as Uint8Array
    }
    const message = 'Devices of the members came and went while a key was handed to them. Try again.'
    throw new EffigyError('group-changing', message)
  }

  function partOf(known: KnownGroup, kind: 'messages' | 'operations') {
    const { keys } = kind === 'operations' ? known.operationKeys : known.keys
    const printsOf = (person: Person) => {
      const account = accountOf(known, person)
      return account === undefined ? null : readers.printsOf(account)
    }
    return { state: stateOf(known), keys, printsOf }
  }

  /** What members lack: the key of now, and the former ones that they may have; those who lack the same together. */
  function owed(
    known: KnownGroup,
    kind: 'messages' | 'operations',
    key: GroupKey,
    printsOf: Parameters<typeof withoutKey>[2],
  ): readonly { readonly persons: Person[]; readonly former: readonly GroupKey[] }[] {
    const { state, keys } = partOf(known, kind)
    const lacking = new Map<Person, GroupKey[]>()
    for (const one of [key, ...keys.filter((other) => other.hash !== key.hash)]) {
      for (const person of withoutKey(one, state, printsOf)) {
        if (one === key || isOpen(one, state, kind) || one.meant.has(person))
          lacking.set(person, [...(lacking.get(person) ?? []), one])
      }
    }
    const byKeys = Map.groupBy(lacking, ([, missing]) => missing.map(({ hash }) => hash).join())
    return [...byKeys.values()].map((group) => ({
      persons: group.map(([person]) => person),
      former: (group[0]?.[1] ?? []).filter((one) => one.hash !== key.hash),
    }))
  }

  async function handOut(
    known: KnownGroup,
    kind: 'messages' | 'operations',
    { generation, key }: Pick<GroupKey, 'generation' | 'key'>,
    former: readonly GroupKey[],
    persons: readonly Person[],
  ): Promise<void> {
    const conversation = conversationOf(known, kind)
    const readKey: ContentReadKey & { readonly prints: readonly string[] } = {
      kind: 'content',
      conversation,
      generation,
      key,
      former: former.map((one) => [one.generation, one.key] as const),
      knows: known.group.heads,
      prints: [],
    }
    const isForAll = former.every((one) => isOpen(one, stateOf(known), kind))
    for (const part of parts(known, persons, isForAll)) {
      const payload = {
        type: 'read_key',
        at: ports.now(),
        ...readKey,
        prints: part().map(readers.print),
      } as unknown as Payload
      const seal = { type: 'age', context: keyContext(readKey), recipients: part } as const
      const { content } = await ports.publish(payload, { seal })
      ports.noted(conversation, content)
    }
  }

  /**
   * The readers of each text. All members while one text has room for them and it is for all, so that everybody knows
   * who has the key; else those who lack it, with one's own devices. Asked again when sealed: who was revoked by then is
   * none (T21).
   */
  function parts(
    known: KnownGroup,
    persons: readonly Person[],
    isForAll: boolean,
  ): readonly (() => readonly Uint8Array[])[] {
    const keysOf = (some: Iterable<Person>): readonly Uint8Array[] =>
      unique(
        [],
        [...some].flatMap((person) => keysOfPerson(known, person)),
      )
    const { me } = known
    const all = [...stateOf(known).members.keys()]
    if (isForAll && keysOf([me, ...all]).length <= maxReadersOfText) return [() => keysOf([me, ...all])]
    const own = keysOf([me])
    const others = keysOf(persons).filter((key) => !own.some((mine) => equalBytes(mine, key)))
    const size = maxReadersOfText - own.length
    const found: (() => readonly Uint8Array[])[] = []
    for (let at = 0; at === 0 || at < others.length; at += size) {
      const names = others.slice(at, at + size)
      found.push(() =>
        keysOf([me, ...persons]).filter((key) => [...own, ...names].some((one) => equalBytes(one, key))),
      )
    }
    return found
  }

  function newKey(conversation: string, generation: number): string {
    const key = random(keyLength)
    // Kept before anything is sealed under it: a process that ends in between loses nothing.
    contentKeys.add({ giver: self, conversation, generation, key })
    return encodeBase64url(key)
  }

  /** The first key: a process that ended before it was handed out may have made it already. */
  function unsent(conversation: string): string {
    const [mine] = contentKeys.of(conversation, { giver: self })
    return mine?.generation === 1 ? encodeBase64url(mine.key) : newKey(conversation, 1)
  }

  return {
    keyFor,
    isDue: (known) =>
      (['operations', 'messages'] as const).some((kind) => {
        const { state, keys, printsOf } = partOf(known, kind)
        const key = keyToWrite(keys, state, printsOf, kind === 'operations')
        return key === null || owed(known, kind, key, printsOf).length > 0
      }),
    firstKey: (conversation) => parseBase64url(unsent(conversation)) as Uint8Array,
  }
}

const conversationOf = (known: KnownGroup, kind: 'messages' | 'operations'): string =>
  kind === 'operations' ? known.operations : known.id

/** Whether newcomers may have a former key: what was written before they came is for them too. */
const isOpen = (key: GroupKey, { settings }: GroupState, kind: 'messages' | 'operations'): boolean =>
  kind === 'operations' || (settings.history && key.isLasting)
