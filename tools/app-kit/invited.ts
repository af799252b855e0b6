/**
 * Somebody who came by the invite of a friend, and is followed back.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Friend } from './friend.ts'
import type { AppPerson } from './person.ts'
import type { App } from './with-app.ts'

export interface Invited {
  readonly person: AppPerson
  readonly account: Identity
}

export async function comeInvited(
  { browsers, world }: Pick<App, 'browsers' | 'world'>,
  friend: Friend,
  name: string,
): Promise<Invited> {
  const person = await browsers.arrive(world, { path: `/${await friend.invite()}` })
  await person.start(name)
  const account = await friend.meet(name)
  await friend.peer.relate('follow', account, true)
  return { person, account }
}
