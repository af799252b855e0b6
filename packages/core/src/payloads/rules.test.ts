import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Root } from '../account/keys.ts'
import { encodeBase64url } from '../base.ts'
import { dagCidOfDigest, type Identity, identityOfKey, rawCidOfDigest } from '../names.ts'
import type { ContentName } from './base-fields.ts'
import {
  expectedLinks,
  hasClearFiles,
  missingLinks,
  payloadBlobs,
  payloadMentions,
  payloadReferences,
  payloadTags,
  payloadWas,
  searchableText,
} from './contents.ts'
import { eraseEffect, isHiddenByErase } from './erase.ts'
import type { Payload } from './known.ts'
import { maxSynodAboutBytes, maxSynodIdentities } from './limits.ts'
import { readPayload } from './payload.ts'
import { comparableAbove, comparePlaced, newestBy, stanceKey } from './precedence.ts'
import { type ReferenceLookup, resolveReference, type StandingContent, wasOfEdit } from './references.ts'
import type { Erase } from './schemas/erase.ts'
import type { Follow } from './schemas/follow.ts'
import type { Move, Synod, SynodMember } from './schemas/synod.ts'

const digest = (name: string) => new Uint8Array(createHash('sha256').update(name).digest())
const identity = (name: string) => identityOfKey(digest(`identity ${name}`))
const cid = (name: string) => rawCidOfDigest(digest(`content ${name}`))
const root = (name: string) => encodeBase64url(digest(`root ${name}`)) as Root

const alice = identity('alice')
const laptop = identity('laptop of alice')
const lost = identity('lost phone of alice')
const mallory = identity('mallory')

interface World {
  readonly standing: readonly (StandingContent & { readonly was?: readonly ContentName[] })[]
  readonly accounts?: readonly (readonly Identity[])[]
}

/** A lookup over plain lists, as an index would answer. */
function lookup({ standing, accounts = [[alice, laptop, lost]] }: World): ReferenceLookup {
  return {
    holders: (name) =>
      standing.filter((item) => item.identity === name.identity && item.content === name.content),
    edits: (author, was) =>
      standing.filter(
        (item) =>
          item.identity === author &&
          item.was?.some((name) => name.identity === was.identity && name.content === was.content),
      ),
    siblings: (one) =>
      accounts.find((account) => account.includes(one))?.filter((other) => other !== one) ?? [],
  }
}

const standing = (author: Identity, content: string, comparable = 1, was?: readonly ContentName[]) => ({
  identity: author,
  content: cid(content),
  entry: cid(`entry of ${content} by ${author} at ${comparable}`),
  comparable,
  ...(was && { was }),
})
const reference = { identity: alice, content: cid('note'), synod: null }

describe('references', () => {
  test('[P8] the identity and content that were named come first', () => {
    const own = standing(alice, 'note')
    const edit = standing(alice, 'edited', 9, [{ identity: alice, content: cid('note') }])
    expect(resolveReference(reference, lookup({ standing: [edit, standing(laptop, 'note', 5), own] }))).toBe(
      own,
    )
  })

  test('[P8] an edit by the same identity answers, the newest of several', () => {
    const was = [{ identity: alice, content: cid('note') }]
    const first = standing(alice, 'edited', 2, was)
    const second = standing(alice, 'edited again', 3, was)
    expect(resolveReference(reference, lookup({ standing: [second, first] }))).toBe(second)
    expect(resolveReference(reference, lookup({ standing: [first, second] }))).toBe(second)
  })

  test('[P8] then another device of the same synod, by content or by was', () => {
    const copy = standing(laptop, 'note')
    const edit = standing(lost, 'edited', 7, [{ identity: alice, content: cid('note') }])
    expect(resolveReference(reference, lookup({ standing: [edit, copy] }))).toBe(copy)
    expect(resolveReference(reference, lookup({ standing: [edit] }))).toBe(edit)
  })

  test('[P8] [T27] who republishes a text does not collect its comments', () => {
    const world = {
      standing: [
        standing(mallory, 'note', 99),
        standing(mallory, 'bait', 99, [{ identity: alice, content: cid('note') }]),
      ],
    }
    expect(resolveReference(reference, lookup(world))).toBeNull()
    expect(resolveReference({ ...reference, synod: [mallory, root('mallory')] }, lookup(world))).toBeNull()
  })

  test('[P8] a was that names the same content of somebody else does not count', () => {
    const edit = standing(alice, 'edited', 2, [{ identity: mallory, content: cid('note') }])
    expect(resolveReference(reference, lookup({ standing: [edit] }))).toBeNull()
  })

  test('[P8] the answer does not depend on the order of what is held', () => {
    const was = [{ identity: alice, content: cid('note') }]
    const all = [
      standing(laptop, 'note', 4),
      standing(lost, 'note', 4),
      standing(laptop, 'other', 8, was),
      standing(mallory, 'note', 9),
    ]
    const answer = resolveReference(reference, lookup({ standing: all }))
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(resolveReference(reference, lookup({ standing: shuffled }))).toEqual(answer)
      }),
    )
  })

  test('[P8] an edit answers to what it edited: the first name stays, 16 at most, none twice', () => {
    let was: readonly ContentName[] = []
    for (let edit = 0; edit < 40; edit++) {
      was = wasOfEdit({ identity: alice, content: cid(`version ${edit}`) }, was)
      expect(was.length).toBe(Math.min(edit + 1, 16))
      expect(was[0]!.content).toBe(cid('version 0'))
      expect(was.at(-1)!.content).toBe(cid(`version ${edit}`))
    }
    expect(wasOfEdit(was[3]!, was)).toHaveLength(16)
    expect(new Set(wasOfEdit(was[3]!, was).map(({ content }) => content)).size).toBe(16)
  })
})

describe('erase', () => {
  const member = (one: Identity): SynodMember => [one, '', '', 1, '']
  const synod = { identities: [member(alice), member(laptop)], revoked: [[lost, null]] } as const
  const erase = (...identities: Identity[]): Erase => ({
    type: 'erase',
    at: 1,
    targets: identities.map((one) => ({ identity: one, content: cid('note') })),
  })

  test('[P9] one hides what is one’s own', () => {
    const effect = eraseEffect(alice, erase(alice, laptop), null)
    expect(effect.contents.map((target) => target.identity)).toEqual([alice])
    expect(effect.refused.map((target) => 'identity' in target && target.identity)).toEqual([laptop])
  })

  test('[P9] a member hides what any device of the synod wrote, revoked ones too', () => {
    const effect = eraseEffect(alice, erase(alice, laptop, lost, mallory), synod)
    expect(effect.contents.map((target) => target.identity)).toEqual([alice, laptop, lost])
    expect(effect.refused).toHaveLength(1)
  })

  test('[P9] [T26] a revoked device, or a stranger that names the synod, hides only its own', () => {
    for (const author of [lost, mallory]) {
      const effect = eraseEffect(author, erase(alice, laptop, author), synod)
      expect(effect.contents.map((target) => target.identity)).toEqual([author])
    }
  })

  test('[P9] [T27] the same content of somebody else stays', () => {
    expect(eraseEffect(mallory, erase(alice), null).contents).toEqual([])
    expect(eraseEffect(alice, erase(alice), null).contents).toEqual([
      { identity: alice, content: cid('note') },
    ])
  })

  test('[P9] an epoch confirms a rebase', () => {
    const targets = [{ identity: laptop, epoch: 3 }]
    expect(eraseEffect(alice, { type: 'erase', at: 1, targets }, synod)).toEqual({
      contents: [],
      epochs: targets,
      refused: [],
    })
  })

  test('[P9] what decides trust is not hidden, what cannot be read is', () => {
    expect(isHiddenByErase(null)).toBe(true)
    expect(isHiddenByErase('public_note')).toBe(true)
    expect(isHiddenByErase('x-app')).toBe(true)
    for (const type of ['erase', 'follow', 'block', 'mute', 'group', 'read_key', 'synod']) {
      expect(isHiddenByErase(type)).toBe(false)
    }
  })
})

describe('precedence', () => {
  const follow = (comparable: number, value: boolean, target = { identity: alice, root: root('alice') }) => ({
    type: 'follow' as const,
    at: 1,
    target,
    value,
    comparable,
    entry: cid(`follow ${comparable} ${value}`),
  })

  test('[P12] the newest by (comparable, CID) counts, in whatever order it is heard of', () => {
    const statement = fc.record({ comparable: fc.integer({ min: 1, max: 3 }), value: fc.boolean() })
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1 }), fc.infiniteStream(fc.nat()), (list, chance) => {
        const all = list.map(({ comparable, value }) => follow(comparable, value))
        const shuffled = all
          .map((item) => [chance.next().value, item] as const)
          .sort(([a], [b]) => a - b)
          .map(([, item]) => item)
        const newest = newestBy(all, stanceKey)
        expect(newestBy(shuffled, stanceKey)).toEqual(newest)
        const [first] = newest.values()
        for (const item of all) expect(comparePlaced(item, first!)).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('[P12] one person is one, whatever key the account has; types do not mix', () => {
    const moved = follow(2, false, { identity: laptop, root: root('alice') })
    const newest = newestBy<string, Follow & { comparable: number; entry: ReturnType<typeof cid> }>(
      [follow(1, true), moved, follow(3, true, { identity: mallory, root: root('mallory') })],
      stanceKey,
    )
    expect([...newest.values()].map(({ value }) => value)).toEqual([false, true])
    expect(stanceKey({ ...moved, type: 'block' })).not.toBe(stanceKey(moved))
  })

  test('[P12] who supersedes writes above what is superseded', () => {
    expect(comparableAbove([], 5)).toBe(5)
    expect(comparableAbove([follow(9, true), follow(3, true)], 5)).toBe(10)
    expect(comparableAbove([follow(4, true)], 5)).toBe(5)
  })
})

describe('contents', () => {
  const picture = { blob: cid('picture'), mime: 'image/png', width: 1, height: 1, alt: 'A hill' }
  const film = {
    kind: 'video',
    blob: dagCidOfDigest(digest('film')),
    mime: 'video/mp4',
    bytes: 1,
    name: 'a.mp4',
  } as const
  const quoted = { identity: alice, content: cid('q'), entry: cid('e'), synod: null }
  const note: Payload = {
    type: 'public_note',
    at: 1,
    text: 'See @bob',
    cw: 'heights',
    tags: ['hiking'],
    mentions: [{ identity: mallory, root: null, name: 'bob' }],
    attachments: [
      { type: 'image', ...picture },
      { type: 'image', ...picture },
      { type: 'media', ...film, poster: cid('poster') },
      { type: 'reference', ...quoted },
      { type: 'x-map' },
    ],
    was: [{ identity: alice, content: cid('before') }],
  }

  test('[P6] the blobs of a payload, each once', () => {
    expect(payloadBlobs(note)).toEqual([picture.blob, film.blob, cid('poster')])
    expect(payloadBlobs({ type: 'image', at: 1, ...picture })).toEqual([picture.blob])
    expect(
      payloadBlobs({ type: 'collection', at: 1, root: film.blob, name: 'a', count: 1, bytes: 1 }),
    ).toEqual([film.blob])
    expect(payloadBlobs({ type: 'void', at: 1 })).toEqual([])
  })

  test('[X20] [X2] states of accounts and devices stand in no sealed entry in the clear', () => {
    const state = JSON.stringify({ type: 'device_state', at: 1, changes: [['a', 1]] })
    const refused = { ok: false, error: { code: 'payload-sealed' } }
    expect(readPayload(state, { sealed: true })).toMatchObject(refused)
    expect(readPayload(state, { encrypted: true }).ok).toBe(true)
  })

  test('[P6] [X21] files that everybody could read: those without a secret, posters and directories', () => {
    const secret = { key: 'A'.repeat(43), hash: 'A'.repeat(43), bytes: 1 }
    const withFiles = (...attachments: readonly object[]) => ({ ...note, attachments }) as Payload
    expect(hasClearFiles(note)).toBe(true)
    const sealed = { type: 'image', ...picture, secret }
    expect(hasClearFiles(withFiles(sealed, { type: 'reference', ...quoted }, { type: 'x-map' }))).toBe(false)
    expect(hasClearFiles(withFiles(sealed, { type: 'media', ...film, secret }))).toBe(false)
    expect(hasClearFiles(withFiles(sealed, { type: 'media', ...film }))).toBe(true)
    expect(hasClearFiles(withFiles({ type: 'media', ...film, poster: cid('poster'), secret }))).toBe(true)
    expect(hasClearFiles({ type: 'void', at: 1 })).toBe(false)
  })

  test('[P6] the links of an entry: the detached block, then the blobs', () => {
    expect(expectedLinks('{…', note)).toEqual(payloadBlobs(note))
    const expected = expectedLinks(cid('block'), note)
    expect(expected[0]).toBe(cid('block'))
    expect(
      missingLinks(
        [
          [cid('block'), 9],
          [film.blob, 1],
        ],
        expected,
      ),
    ).toEqual([picture.blob, cid('poster')])
  })

  test('[P10] words to search by, tags, people, references', () => {
    expect(searchableText(note).split('\n')).toEqual([
      'heights',
      'See @bob',
      'hiking',
      'A hill',
      'A hill',
      'a.mp4',
    ])
    expect(payloadTags(note)).toEqual(['hiking'])
    expect(payloadMentions(note).map(({ name }) => name)).toEqual(['bob'])
    expect(payloadReferences(note)).toEqual([{ type: 'reference', ...quoted }])
    expect(payloadWas(note)).toEqual([{ identity: alice, content: cid('before') }])
    const answer: Payload = { type: 'comment', at: 1, text: 'x', target: quoted, thread: quoted }
    expect(payloadReferences(answer)).toHaveLength(2)
    expect(payloadTags({ type: 'tag', at: 1, target: quoted, labels: ['👍'] })).toEqual(['👍'])
    expect(searchableText({ type: 'void', at: 1 })).toBe('')
  })
})

const fullest = [
  { moveCount: 6, character: 'a', writing: 'a plain about' },
  // Each quotation mark takes four bytes in an entry.
  { moveCount: 3, character: '"', writing: 'an about that is all quotation marks' },
]
test.for(fullest)(
  '[P14] the fullest account fits one entry: 24 members, 24 revoked, $moveCount moves, $writing',
  (row) => {
    const { moveCount, character } = row
    const bytes = (length: number) => encodeBase64url(new Uint8Array(length).fill(7))
    const key = bytes(32)
    const final = [1000, 1_000_000, cid('final')] as const
    const hubs = [0, 1].map((index) => [identity(`hub ${index}`), 'wss://hub.example.org/effigy'] as const)
    const moves = Array.from({ length: moveCount }, (_, index): Move => {
      const [from, to] = [identity(`key ${index}`), identity(`key ${index + 1}`)]
      const signatures = { signature: bytes(64), consent: bytes(64) }
      return { root: root('a'), from, to, final, next: key, recovery: key, key, ...signatures }
    })
    const synod: Synod = {
      type: 'synod',
      at: 1_763_690_000_000,
      root: root('a'),
      identities: Array.from({ length: maxSynodIdentities }, (_, index) => {
        return [identity(`member ${index}`), key, 'a'.repeat(24), 1000 + index, bytes(64)] as const
      }),
      revoked: Array.from(
        { length: maxSynodIdentities },
        (_, index) => [identity(`gone ${index}`), final] as const,
      ),
      next: key,
      recovery: key,
      origin: key,
      moves,
      name: 'a'.repeat(96),
      about: character.repeat(maxSynodAboutBytes),
      avatar: { blob: cid('face'), mime: 'image/webp', width: 512, height: 512, alt: '' },
      hubs,
      dropboxes: hubs,
    }
    const text = JSON.stringify(synod)
    expect(readPayload(text)).toEqual({ ok: true, value: synod })
    // As a text inside an entry, with everything else that an entry holds (E2).
    expect(JSON.stringify(text).length + 600).toBeLessThanOrEqual(15_360)
  },
)
