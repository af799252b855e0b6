/**
 * From what is told (story/) to single acts in the order of time.
 *
 *     Post {likes, replies {likes, …}} ─▶ say, react, say, edit, … each with when
 *
 * @module
 */

import type { PersonKey } from './people.ts'
import { type Chance, chanceOf } from './pictures/chance.ts'
import type { Album, Line, Post, Room, Talk, Told } from './story/told.ts'

export type Act =
  /** `id` names it for what comes later; `to`: what it answers, `thread`: what that hangs from. */
  | {
      readonly type: 'say'
      readonly id: string
      readonly by: PersonKey
      readonly told: Told
      readonly to: string | null
      readonly thread: string | null
    }
  | { readonly type: 'react'; readonly by: PersonKey; readonly to: string; readonly label: string }
  | { readonly type: 'edit'; readonly by: PersonKey; readonly what: string; readonly text: string }
  | { readonly type: 'erase'; readonly by: PersonKey; readonly what: string }
  | { readonly type: 'album'; readonly by: PersonKey; readonly album: Album }
  | { readonly type: 'group'; readonly by: PersonKey; readonly group: string; readonly text: string }
  | {
      readonly type: 'write'
      readonly by: PersonKey
      readonly to: readonly PersonKey[]
      readonly text: string
    }

export type TimedAct = Act & {
  /** Wall clock, ms. */
  readonly at: number
}

export interface Story {
  readonly posts: readonly Post[]
  readonly albums: readonly Album[]
  readonly rooms: readonly Room[]
  readonly talks: readonly Talk[]
}

const minuteMs = 60_000
const dayMs: number = 24 * 60 * minuteMs

/** Nothing was done later than this before now: what comes then is seen to come. */
const quietMs: number = 2 * minuteMs

/**
 * All acts of those who are there, the oldest first; what hangs from others' words goes with them. Times that would be
 * in the future are shortly before `now`.
 */
export function actsOf(
  story: Story,
  {
    now,
    seed,
    there,
  }: { readonly now: number; readonly seed: string; readonly there: ReadonlySet<PersonKey> },
): readonly TimedAct[] {
  const acts: TimedAct[] = []
  const put = (at: number, act: Act): void => {
    if (there.has(act.by)) acts.push({ ...act, at: Math.min(at, now - quietMs) })
  }
  for (const [index, post] of story.posts.entries()) {
    const id = post.id ?? `post-${index}`
    tell(post, { id, to: null, thread: null }, timeOf(post.at, now), {
      put,
      there,
      chance: chanceOf(seed, id),
    })
  }
  for (const album of story.albums) put(timeOf(album.at, now), { type: 'album', by: album.by, album })
  for (const { id, said } of story.rooms) {
    for (const { by, at, text } of said) put(timeOf(at, now), { type: 'group', by, group: id, text })
  }
  for (const { people, said } of story.talks) {
    if (!people.every((person) => there.has(person))) continue
    for (const line of said)
      put(timeOf(line.at, now), { type: 'write', by: line.by, to: othersThan(line, people), text: line.text })
  }
  // A stable sort: what was told first comes first.
  return acts.sort((a, b) => a.at - b.at)
}

interface Place {
  readonly id: string
  readonly to: string | null
  readonly thread: string | null
}

interface Teller {
  readonly put: (at: number, act: Act) => void
  readonly there: ReadonlySet<PersonKey>
  readonly chance: Chance
}

function tell(told: Told, { id, to, thread }: Place, at: number, teller: Teller): void {
  const { put, there, chance } = teller
  if (!there.has(told.by)) return
  const { by, edited, erasedAfter } = told
  put(at, { type: 'say', id, by, told, to, thread })
  if (edited !== undefined)
    put(at + edited.after * minuteMs, { type: 'edit', by, what: id, text: edited.text })
  if (erasedAfter !== undefined) put(at + erasedAfter * minuteMs, { type: 'erase', by, what: id })
  for (const { label, by: who } of likesOf(told.likes ?? '')) {
    put(at + Math.round(chance.between(2, 180)) * minuteMs, { type: 'react', by: who, to: id, label })
  }
  for (const [index, reply] of (told.replies ?? []).entries()) {
    // What answers the post itself names no thread besides it (P10).
    const place = { id: reply.id ?? `${id}-${index}`, to: id, thread: thread ?? to }
    tell(reply, place, at + reply.after * minuteMs, teller)
  }
}

/** `❤️ ada teo, 😂 ivo`. */
export function likesOf(text: string): readonly { readonly label: string; readonly by: PersonKey }[] {
  return text
    .split(',')
    .map((part) => part.trim().split(' '))
    .flatMap(([label = '', ...who]) => who.map((by) => ({ label, by: by as PersonKey })))
}

function othersThan({ by }: Line, people: readonly PersonKey[]): readonly PersonKey[] {
  return people.filter((person) => person !== by)
}

function timeOf([days, time]: Post['at'], now: number): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  if (days === 0) return now - (hours * 60 + minutes) * minuteMs
  const day = new Date(now - days * dayMs)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes).getTime()
}
