/**
 * Five people and what they wrote in the last days: nobody is meant, and everything is said in the language of whoever looks.
 *
 *     this table, words ─makeUp▶ people, items, tallies ─▶ demo-peer.ts
 *
 * Its names are no names of anything: no key and no content has them.
 *
 * @module
 */
import {
  type Attachment,
  type Cid,
  type Identity,
  type ImageFile,
  type Mention,
  type Payload,
  parseIdentity,
  parseRawCid,
  type RawCid,
  type Reference,
} from '@effigy/core'
import type { Item, PersonView } from '@effigy/react'
import { saidParts } from '../../components/note/said-parts.ts'
import type { KeyOf } from '../../words/define.ts'
import type { Say } from '../../words/use-words.ts'
import { type Drawing, drawingSize, drawingType } from './drawings.ts'
import type { words } from './words.ts'

type English = (typeof words)['english']
type Word = KeyOf<English>

export interface MadeUp {
  readonly people: ReadonlyMap<Identity, PersonView>
  /** Notes and answers, the newest first. */
  readonly items: readonly Item[]
  readonly reactions: ReadonlyMap<RawCid, readonly { readonly label: string; readonly count: number }[]>
  readonly drawings: ReadonlyMap<Cid, Drawing>
  /** Who looks: one of nobody's. */
  readonly self: Identity
}

type PersonKey = 'mira' | 'tom' | 'ana' | 'yusuf' | 'edith'

const persons = [
  ['mira', 'miraAbout'],
  ['tom', 'tomAbout'],
  ['ana', 'anaAbout'],
  ['yusuf', 'yusufAbout'],
  ['edith', 'edithAbout'],
] as const satisfies readonly (readonly [PersonKey, Word])[]

interface Told {
  /** What it says, by which others of this table name it too. */
  readonly text: Word
  readonly by: PersonKey
  readonly minutesAgo: number
  readonly warning?: Word
  readonly picture?: readonly [drawing: Drawing, alt: Word]
  readonly names?: PersonKey
  readonly quotes?: Word
  readonly answers?: Word
  readonly reactions?: Readonly<Record<string, number>>
}

const hour = 60
const day = 24 * hour

const table: readonly Told[] = [
  { text: 'choir', by: 'ana', minutesAgo: 25, reactions: { '👍': 3 } },
  { text: 'choirYes', by: 'edith', minutesAgo: 12, answers: 'choir', reactions: { '😂': 2 } },
  {
    ...{ text: 'lake', by: 'yusuf', minutesAgo: 3 * hour, picture: ['lake', 'lakeAlt'] },
    reactions: { '❤️': 4, '😮': 1 },
  },
  {
    ...{ text: 'seedlings', by: 'mira', minutesAgo: 6 * hour, picture: ['seedlings', 'seedlingsAlt'] },
    reactions: { '😂': 2, '❤️': 2 },
  },
  { text: 'two', by: 'tom', minutesAgo: 5 * hour + 40, answers: 'seedlings' },
  { text: 'three', by: 'edith', minutesAgo: 5 * hour, answers: 'seedlings', reactions: { '❤️': 1 } },
  { text: 'four', by: 'mira', minutesAgo: 4 * hour + 50, answers: 'three', names: 'edith' },
  { text: 'cactus', by: 'yusuf', minutesAgo: 4 * hour, answers: 'seedlings' },
  { text: 'horst', by: 'mira', minutesAgo: 3 * hour + 30, answers: 'cactus', reactions: { '😂': 3 } },
  { text: 'mended', by: 'ana', minutesAgo: 20 * hour, quotes: 'shed' },
  { text: 'shed', by: 'tom', minutesAgo: 22 * hour, reactions: { '👍': 2, '🎉': 1 } },
  { text: 'plums', by: 'edith', minutesAgo: day + 5 * hour, reactions: { '❤️': 4 } },
  { text: 'ladder', by: 'tom', minutesAgo: day + 4 * hour, answers: 'plums' },
  { text: 'sunday', by: 'edith', minutesAgo: day + 3 * hour, answers: 'ladder', reactions: { '🎉': 3 } },
  { text: 'film', by: 'yusuf', minutesAgo: 2 * day, warning: 'filmWarning' },
  {
    ...{ text: 'cake', by: 'ana', minutesAgo: 3 * day, picture: ['cake', 'cakeAlt'], names: 'edith' },
    reactions: { '🎉': 4 },
  },
  { text: 'swap', by: 'mira', minutesAgo: 4 * day + 2 * hour, reactions: { '👍': 1 } },
]

/** `now`: ms. */
export function makeUp(t: Say<English>, now: number): MadeUp {
  const [self, ...identities] = keys
  if (self === undefined) throw new Error('there are no names')
  const identityOf = (key: PersonKey): Identity => {
    const identity = identities[persons.findIndex(([name]) => name === key)]
    if (identity === undefined) throw new Error(`${key} has no name`)
    return identity
  }
  const drawings = new Map<Cid, Drawing>()
  const picture = (drawing: Drawing, alt: string): ImageFile => {
    const blob = cidOf(`p${drawing}`)
    drawings.set(blob, drawing)
    return { blob, mime: drawingType, ...drawingSize(drawing), alt }
  }

  const people = new Map(
    persons.map(([key, about]) => {
      const identity = identityOf(key)
      const name = t(key)
      const view: PersonView = {
        ...{ identity, root: null, name, about: t(about), avatar: picture(key, name) },
        ...{ petname: null, aliases: [], hubs: [], facts: [], lookAlikes: [], before: null },
        // As if one had chosen all of them: their pictures are shown.
        ...{ isFollowed: true, isKnown: true, isSelf: false, isChanged: false, isBlocked: false },
        ...{ isMuted: false, followsMe: false, hasLookAlikes: false, verified: 'no', verifiedAt: null },
      }
      return [identity, view]
    }),
  )

  const find = (text: Word): Told => {
    const found = table.find((each) => each.text === text)
    if (found === undefined) throw new Error(`nobody said ${text}`)
    return found
  }
  const referenceTo = (text: Word): Reference => {
    const content = cidOf(text)
    return { identity: identityOf(find(text).by), content, entry: content, synod: null }
  }
  const beginningOf = (text: Word): Word => {
    const { answers } = find(text)
    return answers === undefined ? text : beginningOf(answers)
  }

  function payloadOf(told: Told, at: number): Payload {
    const { names, quotes, answers, warning } = told
    const name = names === undefined ? null : t(names)
    const mentions: readonly Mention[] =
      names === undefined || name === null ? [] : [{ identity: identityOf(names), root: null, name }]
    const attachments: readonly Attachment[] = [
      ...(told.picture === undefined
        ? []
        : [{ ...picture(told.picture[0], t(told.picture[1])), type: 'image' } as const]),
      ...(quotes === undefined ? [] : [{ ...referenceTo(quotes), type: 'reference' } as const]),
    ]
    const text = t(told.text, names === undefined || name === null ? {} : { [names]: name })
    const tags = saidParts(text, []).flatMap((part) => (part.type === 'tag' ? [part.label] : []))
    const said = {
      ...{ at, text },
      ...(tags.length === 0 ? {} : { tags }),
      ...(mentions.length === 0 ? {} : { mentions }),
      ...(attachments.length === 0 ? {} : { attachments }),
      ...(warning === undefined ? {} : { cw: t(warning) }),
    }
    if (answers === undefined) return { type: 'public_note', ...said }
    const beginning = beginningOf(answers)
    const thread = beginning === answers ? null : referenceTo(beginning)
    return { type: 'comment', ...said, target: referenceTo(answers), thread }
  }

  const items = table.map((told): Item => {
    const at = now - told.minutesAgo * 60_000
    const content = cidOf(told.text)
    return {
      ...{ cid: content, content, identity: identityOf(told.by), length: 1, verified: true },
      ...{ comparable: at, sort: at, state: { type: 'shown', payload: payloadOf(told, at) } },
    }
  })
  items.sort((a, b) => b.sort - a.sort)

  const reactions = new Map(
    table.map(({ text, reactions = {} }) => [
      cidOf(text),
      Object.entries(reactions).map(([label, count]) => ({ label, count })),
    ]),
  )
  return { people, items, reactions, drawings, self }
}

/** Such as nobody has: keys of zeros with a number behind them. */
const keys: readonly Identity[] = [...'QRSTUV'].flatMap(
  (last) => parseIdentity(`did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDn${last}`) ?? [],
)

/** Letters of the alphabet that such names are written in, and then nothing but `a`. */
function cidOf(name: string): RawCid {
  const cid = parseRawCid(`bafkreia${name.toLowerCase().padEnd(51, 'a')}`)
  if (cid === null) throw new Error(`${name} makes no name`)
  return cid
}
