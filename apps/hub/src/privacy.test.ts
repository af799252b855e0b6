/** Who comes in, who signals, whose bytes count (V64, V65, V74). */
import type { Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { testIdentity } from '../test/fake-peer.ts'
import { createPrivacy, privacyOf } from './privacy.ts'

const [hub, member, guest, other, newcomer] = (await Promise.all(
  ['hub', 'alice', 'mallory', 'mallory 2', 'new'].map(testIdentity),
)) as [Identity, Identity, Identity, Identity, Identity]

function world(privacy: 'open' | 'community' | 'restricted' | null, members: 'anyone' | readonly Identity[]) {
  const counted: Identity[] = []
  const { mayEnter, signalling } = createPrivacy(
    { privacy, members, room: true },
    {
      self: () => hub,
      isMember: (one) => one === member || one === newcomer,
      isNewcomer: (one) => one !== member,
      admit: (one) => one === member,
      carries(opener) {
        counted.push(opener)
        return true
      },
    },
  )
  return { mayEnter, signalling, counted }
}

test('[V65] who has a session and who signals, by privacy', () => {
  const view = (...given: Parameters<typeof world>) => {
    const { mayEnter, signalling } = world(...given)
    return [...[member, guest, hub].map(mayEnter), ...[member, guest].map((one) => signalling.isFor?.(one))]
  }
  expect(view('open', [member])).toEqual([true, true, false, true, true])
  expect(view('community', [member])).toEqual([true, true, false, true, false])
  expect(view('restricted', [member])).toEqual([true, false, false, true, false])
  expect(view(null, [member])).toEqual([true, false, false, true, false])
  expect(view(null, 'anyone')).toEqual([true, true, false, true, true])
})

test('[V65] [V64] what is told of it is what is done, and the room is for members', () => {
  const { signalling } = world('open', 'anyone')
  expect(signalling.privacy).toBe('open')
  expect([member, guest].map((one) => signalling.room?.(one))).toEqual([true, false])
  expect(privacyOf({ privacy: null, members: [], room: false })).toBe('restricted')
  expect(privacyOf({ privacy: 'open', members: [], room: false })).toBe('open')
})

test('[V74] [T18] guests and newcomers share what one member may have carried, whatever their names', () => {
  const { signalling, counted } = world('open', [member])
  for (const opener of [member, guest, other, newcomer]) signalling.carries(opener, 1)
  expect(counted).toEqual([member, hub, hub, hub])
})
