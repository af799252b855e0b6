/**
 * What is told of the village, and how it is written down (the other files of this folder).
 *
 *     Told with replies, reactions ─acts.ts▶ single acts in the order of time
 *
 * @module
 */
import type { PersonKey } from '../people.ts'
import type { SceneName } from '../pictures/make.ts'

export interface Told {
  /** For those who refer to it. */
  readonly id?: string
  readonly by: PersonKey
  /** Markdown; `@Rosa` names Rosa, `#word` tags. */
  readonly text: string
  readonly picture?: ToldPicture
  /** `❤️ ada teo, 😂 ivo`: reactions within three hours. */
  readonly likes?: string
  /** BCP 47. */
  readonly language?: string
  /** Said before the rest is shown. */
  readonly cw?: string
  /** What the author makes of it later. */
  readonly edited?: { readonly after: number; readonly text: string }
  /** The author takes it back; minutes later. */
  readonly erasedAfter?: number
  readonly replies?: readonly Reply[]
}

/** Minutes after what it answers. */
export interface Reply extends Told {
  readonly after: number
}

/** `[days ago, 'HH:MM']` where the machine is; with 0 days, so many hours and minutes ago. */
export interface Post extends Told {
  readonly at: readonly [days: number, time: string]
}

/** Another seed is another picture of that kind. */
export interface ToldPicture {
  readonly scene: SceneName
  readonly seed: string
  readonly alt: string
}

export interface Album {
  readonly by: PersonKey
  readonly at: Post['at']
  readonly name: string
  /** What is said of it. */
  readonly alt: string
  readonly pictures: readonly (ToldPicture & { readonly file: string })[]
}

export interface Room {
  readonly id: string
  readonly by: PersonKey
  readonly name: string
  readonly about: string
  readonly members: readonly PersonKey[]
  readonly said: readonly Line[]
}

/** Some who write to each other without a group; the first of them begins. */
export interface Talk {
  readonly people: readonly PersonKey[]
  readonly said: readonly Line[]
}

export interface Line {
  readonly by: PersonKey
  readonly at: Post['at']
  readonly text: string
}
