/**
 * Groups as what was opened here makes them (spec Q2, Q12), judged again when something was added.
 *
 *     store.groupTexts ─▶ operations, hand-outs, as far as they stand and are verified ─▶ OpenGroup, its keys
 *
 * @module
 */
import {
  type Account,
  type ContentName,
  encodeBase64url,
  type GroupEntry,
  type GroupKeys,
  groupKeys,
  type HandOut,
  type Identity,
  maxOperations,
  nameKey,
  type OpenGroup,
  openGroup,
  operationsConversation,
  type Payload,
  type Person,
  parseBase64url,
  type ReadKey,
  type Sha256,
} from '@effigy/core'
import type { GroupText, GroupTexts, Item, Store } from '@effigy/store'

export interface KnownGroup {
  readonly id: string
  /** The conversation of its operations (Q11). */
  readonly operations: string
  readonly group: OpenGroup
  /** Of the messages, and of the operations. */
  readonly keys: GroupKeys
  readonly operationKeys: GroupKeys
  readonly me: Person
  /** Whose operations others name that are not here yet. */
  readonly hinted: ReadonlySet<Identity>
  /** A device of each who did something there that counts, but leave; first of whoever made it. */
  readonly doers: readonly Identity[]
}

export interface KnownGroups {
  /** Null when no operation of it is here. */
  of(id: string): KnownGroup | null
  ids(): readonly string[]
  /** Whose operations the hand-outs of a conversation name; as long as nothing else is known of it. */
  hintedBy(conversation: string): ReadonlySet<Identity>
  personOf(account: Account): Person
  /** Something was opened of that conversation or group; of any, when none is named: somebody's devices changed. */
  changed(conversation?: string): void
}

/** Hand-outs that are looked at in one conversation: a flood of them costs a little, and no more. */
const maxHandOuts = 4_096

/** Operations read: those of strangers, and above the bounds of one person, are among them. */
const maxRead: number = 4 * maxOperations

export type KnownGroupsStore = Pick<Store, 'resolve' | 'synods'>

export function createKnownGroups(
  store: KnownGroupsStore,
  texts: GroupTexts,
  self: Identity,
  sha256: Sha256,
): KnownGroups {
  const known = new Map<string, KnownGroup | null>()
  /** What each giver knew, as long as persons stay who they are: what is added changes nothing of it. */
  const states = new Map<string, OpenGroup['states']>()

  const personOf = ({ identity, root }: Account): Person =>
    root ?? store.synods?.accountOf(identity) ?? identity

  function operationsOf(id: string): GroupEntry[] {
    return texts.of(id, 'operation', maxRead).flatMap((text) => {
      const item = standing(store, text, true)
      const payload = item === null ? null : shown(item)
      if (item === null || payload?.type !== 'group' || payload.group !== id) return []
      const { identity, content, comparable } = item
      return [{ identity, content, comparable, payload }]
    })
  }

  function handOutsOf(conversation: string): HandOut[] {
    return texts.of(conversation, 'key', maxHandOuts).flatMap((text) => {
      const item = standing(store, text, true)
      const payload = item === null ? null : shown(item)
      if (item === null || payload?.type !== 'read_key') return []
      const readKey = payload as ReadKey
      const isMeant = readKey.kind === 'content' && readKey.conversation === conversation
      return isMeant ? handOutOf(item, readKey) : []
    })
  }

  function read(id: string): KnownGroup | null {
    const operations = operationsOf(id)
    if (operations.length === 0) return null
    const group = openGroup(id, operations, personOf, sha256, states.get(id))
    states.set(id, group.states)
    const conversation = operationsConversation(id, sha256)
    const hashOf = (key: string): string => keyHash(parseBase64url(key) ?? new Uint8Array(0), sha256)
    const waiting = operations.filter((entry) => group.verdicts.get(nameKey(entry)) === 'waits')
    const ofOperations = handOutsOf(conversation)
    const ofMessages = handOutsOf(id)
    const hinted = namesOf([...waiting.map(({ payload }) => payload), ...ofOperations, ...ofMessages])
    return {
      id,
      operations: conversation,
      group,
      hinted,
      doers: doersOf(operations, group, personOf),
      keys: groupKeys(group, ofMessages, personOf, hashOf),
      operationKeys: groupKeys(group, ofOperations, personOf, hashOf),
      me: personOf({ identity: self, root: null }),
    }
  }

  return {
    of(id) {
      const found = known.get(id)
      if (found !== undefined) return found
      const now = read(id)
      known.set(id, now)
      return now
    },
    ids: () => texts.conversations('operation'),
    hintedBy: (conversation) => namesOf(handOutsOf(conversation)),
    personOf,
    changed(conversation) {
      if (conversation === undefined) {
        known.clear()
        states.clear()
      }
      for (const [id, group] of known) {
        const isMeant = group === null || id === conversation || group.operations === conversation
        if (isMeant) known.delete(id)
      }
    },
  }
}

function doersOf(
  operations: readonly GroupEntry[],
  { verdicts }: OpenGroup,
  personOf: KnownGroups['personOf'],
): readonly Identity[] {
  const found = new Map<Person, Identity>()
  const did = operations.filter(
    (entry) => entry.payload.operation !== 'leave' && verdicts.get(nameKey(entry)) === 'counts',
  )
  const made = did.filter(({ payload }) => payload.operation === 'create')
  for (const { identity } of [...did, ...made].reverse())
    found.set(personOf({ identity, root: null }), identity)
  return [...found.values()]
}

/** Of each at most so many: what waits names few, and lies cost little. */
const maxHinted = 64

function namesOf(some: readonly { readonly knows: readonly ContentName[] }[]): ReadonlySet<Identity> {
  const names = some.flatMap(({ knows }) => knows.map(({ identity }) => identity))
  return new Set([...new Set(names)].slice(0, maxHinted))
}

/** What a key is known by among others (Q14). */
export function keyHash(key: Uint8Array, sha256: Sha256): string {
  return encodeBase64url(sha256(key))
}

/**
 * The entry of a text as it stands now: in the chain, verified, not erased. `isJudged`: of whomever one blocks too, since what
 * they do in a group changes who is in it (S42).
 */
export function standing(
  store: Pick<Store, 'resolve'>,
  { identity, content }: Pick<GroupText, 'identity' | 'content'>,
  isJudged = false,
): Item | null {
  const item = store.resolve(identity, content, isJudged)
  const isIt = item !== null && item.identity === identity && item.content === content && item.verified
  return isIt ? item : null
}

export function shown({ state }: Item): Payload | null {
  return state.type === 'shown' ? state.payload : null
}

function handOutOf(
  { identity: giver, comparable }: Item,
  readKey: ReadKey & { readonly kind: 'content' },
): readonly HandOut[] {
  const { generation, key, former, knows, prints } = readKey
  return prints === undefined || knows.length === 0
    ? []
    : [{ giver, comparable, generation, key, former, knows, prints }]
}
