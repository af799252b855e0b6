/**
 * What a person chose of presence, as it is remembered on a device (spec V69).
 *
 *     setting ─parse▶ PresenceChoice, or what holds until something was chosen
 *
 * @module
 */
import { EffigyError, type Identity, parseIdentity, parseStrictJson } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { PresenceChoice } from './presence.ts'

const key = 'presence'

/** Names that a person lists; each may have many devices. */
const maxListed = 1_000

export const firstChoice: PresenceChoice = { friends: true, list: [], room: false, invisible: false }

export function readChoice(store: Pick<Store, 'setting'>): PresenceChoice {
  const text = store.setting(key)
  const parsed = text === null ? null : parseStrictJson(text)
  if (parsed === null || !parsed.ok) return firstChoice
  const value = parsed.value as { readonly [field: string]: unknown } | null
  if (typeof value !== 'object' || value === null) return firstChoice
  const flag = (field: 'friends' | 'room' | 'invisible'): boolean =>
    typeof value[field] === 'boolean' ? value[field] : firstChoice[field]
  const list = Array.isArray(value.list) ? (value.list as readonly unknown[]) : []
  const names = list.map((name) => (typeof name === 'string' ? parseIdentity(name) : null))
  return {
    friends: flag('friends'),
    list: names.filter((name) => name !== null).slice(0, maxListed),
    room: flag('room'),
    invisible: flag('invisible'),
  }
}

/** Throws `EffigyError` 'presence-too-many'. */
export function keepChoice(store: Pick<Store, 'saveSetting'>, choice: PresenceChoice): PresenceChoice {
  const list: readonly Identity[] = [...new Set(choice.list)]
  if (list.length > maxListed) {
    throw new EffigyError('presence-too-many', `At most ${maxListed} people can be listed.`)
  }
  const { friends, room, invisible } = choice
  const kept = { friends, list, room, invisible }
  store.saveSetting(key, JSON.stringify(kept))
  return kept
}
