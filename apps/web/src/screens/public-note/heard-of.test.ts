/** Who has an account hears nobody whom they shut out, whatever a hub gives. */
import { parseIdentity } from '@effigy/core'
import { expect, test } from 'vitest'
import type { PublicNote, ReadPayload } from './check-note.ts'
import { heardOf } from './heard-of.ts'

const [rosa, bea, carl] = [
  'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
  'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH',
  'did:key:z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG',
].map((text) => parseIdentity(text)!) as [never, never, never]

const answer = (content: string, identity: typeof rosa, target: typeof rosa) =>
  ({
    identity,
    content,
    payload: { type: 'comment', target: { identity: target } },
  }) as unknown as ReadPayload

const note = {
  identity: rosa,
  answers: [answer('of bea', bea, rosa), answer('to bea', carl, bea), answer('of carl', carl, rosa)],
} as unknown as PublicNote

const people = (known: Readonly<Record<string, object>>) =>
  ({
    show: async (one: string) => ({
      isBlocked: false,
      isMuted: false,
      isFollowed: false,
      isSelf: false,
      ...known[one],
    }),
  }) as unknown as Parameters<typeof heardOf>[1]

const heard = async (known: Readonly<Record<string, object>>) => {
  const { answers, friends } = await heardOf(note, people(known))
  return { answers: answers.map(({ content }) => content), friends: [...friends] }
}

test('[S42] [S43] answers of whom one blocked or muted are left out, and answers to them', async () => {
  const all = ['of bea', 'to bea', 'of carl']
  expect(await heard({})).toEqual({ answers: all, friends: [] })
  expect((await heard({ [bea]: { isMuted: true } })).answers).toEqual(['of carl'])
  expect((await heard({ [bea]: { isBlocked: true } })).answers).toEqual(['of carl'])
  expect((await heard({ [carl]: { isBlocked: true } })).answers).toEqual(['of bea'])
  // By name they are found, and what they are told is a part of it.
  expect((await heard({ [rosa]: { isMuted: true } })).answers).toEqual(all)
})

test('pictures of strangers wait for a tap', async () => {
  expect((await heard({ [bea]: { isFollowed: true }, [carl]: { isSelf: true } })).friends).toEqual([
    bea,
    carl,
  ])
})
