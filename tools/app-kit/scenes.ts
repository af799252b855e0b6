/**
 * What can be looked at: each leads somebody to one screen, with something in it.
 *
 * @module
 */
import type { AppPerson, Browsers } from './person.ts'
import { administrationScenes } from './scenes/administration.ts'
import { aroundScenes } from './scenes/around.ts'
import { bringScenes } from './scenes/bring.ts'
import { composeScenes } from './scenes/compose.ts'
import { copiesScenes } from './scenes/copies.ts'
import { firstScenes } from './scenes/first.ts'
import { homeScenes } from './scenes/home.ts'
import { lockScenes } from './scenes/lock.ts'
import { networkScenes } from './scenes/network.ts'
import { peopleScenes } from './scenes/people.ts'
import { publicNoteScenes } from './scenes/public-note.ts'
import { talkScenes } from './scenes/talks.ts'
import { villageScenes } from './scenes/village.ts'
import type { AppWorld } from './world.ts'

/**
 * Leads a new person there, and one of another scene of its family (`walk.ts`): what such scenes share is made once. Whoever has to be
 * there for as long as it is looked at is the world's.
 */
export type Scene = (person: AppPerson, world: AppWorld, browsers: Browsers) => Promise<void>

/** One line for each file of `scenes/`. */
export const scenes: Readonly<Record<string, Scene>> = {
  ...aroundScenes,
  ...bringScenes,
  ...composeScenes,
  ...copiesScenes,
  ...lockScenes,
  ...administrationScenes,
  ...networkScenes,
  ...firstScenes,
  ...homeScenes,
  ...peopleScenes,
  ...publicNoteScenes,
  ...villageScenes,
  ...talkScenes,
}
