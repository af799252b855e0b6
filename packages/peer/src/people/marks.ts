/**
 * What own devices say of people (spec Y40, Y41): own names, what one last looked at, of whom one made sure.
 *
 *     device_state petname/PERSON, looked/PERSON, verified/PERSON ─▶ Marks of a person
 *
 * @module
 */
import {
  type Account,
  accountKey,
  fitsBytes,
  type Identity,
  isLine,
  type Json,
  maxNameBytes,
  parseCid,
  parseIdentity,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import type { OwnState } from '../own/state.ts'

export interface Marks {
  readonly petname: string | null
  readonly looked: Looked | null
  readonly verified: VerifiedMark | null
}

export interface Looked {
  readonly name: string
  /** The root of the picture. */
  readonly avatar: string | null
}

export interface VerifiedMark {
  /** Who spoke for them. */
  readonly identity: Identity
  /** Ms. */
  readonly at: number
}

export interface MarkBook {
  of(person: Account): Marks
  /** Keys of people of whom something is said. */
  named(): Iterable<string>
  /** Says something new of a person: under their name of now alone. */
  set(person: Account, changes: Partial<Marks>): Promise<void>
  /** What was read is told again until `forget`. */
  readonly isRead: boolean
  /** Own devices may have said something else. */
  forget(): void
}

const topics = ['petname', 'looked', 'verified'] as const
type Topic = (typeof topics)[number]

/** Values of one topic; beyond it people have no marks. */
const maxMarks = 20_000
const pageLimit = 1_000

const nothing: Marks = { petname: null, looked: null, verified: null }

/** One line of 1 to 96 bytes, as names are. */
export function isPetname(text: string): boolean {
  return text.trim() !== '' && fitsBytes(text, maxNameBytes) && isLine(text)
}

export function createMarkBook(
  store: Pick<Store, 'deviceValues' | 'synods'>,
  state: Pick<OwnState, 'set'>,
): MarkBook {
  let known: ReadonlyMap<Topic, ReadonlyMap<string, Json>> | null = null

  function all(): ReadonlyMap<Topic, ReadonlyMap<string, Json>> {
    known ??= new Map(topics.map((topic) => [topic, read(topic)]))
    return known
  }

  function read(topic: Topic): ReadonlyMap<string, Json> {
    const prefix = `${topic}/`
    const values = new Map<string, Json>()
    let after: string | null = null
    while (values.size < maxMarks) {
      const page: ReturnType<typeof store.deviceValues> = store.deviceValues(prefix, {
        after,
        limit: pageLimit,
      })
      for (const { key, value } of page) values.set(key.slice(prefix.length), value)
      after = page.at(-1)?.key ?? null
      if (page.length < pageLimit) break
    }
    return values
  }

  /** By root, else by whichever of their identities was named before the account was known. */
  function keysOf(person: Account): readonly string[] {
    return [accountKey(person), person.identity, ...(store.synods?.siblings(person.identity) ?? [])]
  }

  function lastSaid(topic: Topic, person: Account): Json {
    const values = all().get(topic)
    if (values === undefined || values.size === 0) return null
    for (const key of keysOf(person)) {
      const value = values.get(key)
      if (value !== undefined) return value
    }
    return null
  }

  return {
    of(person) {
      if ([...all().values()].every((values) => values.size === 0)) return nothing
      const petname = lastSaid('petname', person)
      return {
        petname: typeof petname === 'string' && isPetname(petname) ? petname : null,
        looked: readLooked(lastSaid('looked', person)),
        verified: readVerified(lastSaid('verified', person)),
      }
    },
    named: () => new Set([...all().values()].flatMap((values) => [...values.keys()])),
    async set(person, changes) {
      const [key = '', ...former] = keysOf(person)
      const said: [string, Json][] = []
      for (const topic of topics) {
        const value = changes[topic]
        if (value === undefined) continue
        said.push([`${topic}/${key}`, value === null ? null : toJson(value)])
        const values = all().get(topic)
        for (const name of former) {
          if (name !== key && values?.has(name)) said.push([`${topic}/${name}`, null])
        }
      }
      await state.set(said)
      known = null
    },
    get isRead() {
      return known !== null
    },
    forget() {
      known = null
    },
  }
}

const toJson = (value: string | Looked | VerifiedMark): Json =>
  typeof value === 'string' ? value : { ...value }

/** Another version may have written something else. */
function readLooked(value: Json): Looked | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { name, avatar } = value as Record<string, Json>
  if (typeof name !== 'string') return null
  return { name, avatar: typeof avatar === 'string' && parseCid(avatar) !== null ? avatar : null }
}

function readVerified(value: Json): VerifiedMark | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { identity, at } = value as Record<string, Json>
  const key = typeof identity === 'string' ? parseIdentity(identity) : null
  return key !== null && typeof at === 'number' ? { identity: key, at } : null
}
