import { describe, expect, test } from 'vitest'
import { sha256 } from '../../test/world.ts'
import { utf8 } from '../bytes.ts'
import { rawCid } from '../names.ts'
import type { Payload } from './known.ts'
import { readPayload } from './payload.ts'
import { fileSecret, withoutSecrets } from './secrets.ts'

const cid = (name: string) => rawCid(utf8(name), sha256)
const canary = 'CanaryCanaryCanaryCanaryCanaryCanaryCanaryA'
const secret = { key: canary, hash: 'A'.repeat(43), bytes: 1 }
const picture = { blob: cid('picture'), mime: 'image/png', width: 1, height: 1, alt: 'A hill' }
const film = { kind: 'video', blob: cid('film'), mime: 'video/mp4', bytes: 1, poster: cid('poster') }
const id16 = 'A'.repeat(22)

const payloads = {
  note: {
    type: 'private_note',
    at: 1,
    text: 'psst',
    attachments: [
      { type: 'image', ...picture, secret },
      { type: 'media', ...film, secret },
      { type: 'x-map' },
    ],
  },
  image: { type: 'image', at: 1, ...picture, secret },
  group: {
    type: 'group',
    at: 1,
    group: id16,
    knows: [],
    operation: 'create',
    members: [
      { identity: 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX', root: null, role: 'admin' },
    ],
    name: 'Hikers',
    about: '',
    avatar: { ...picture, secret },
    history: true,
  },
  content: {
    type: 'read_key',
    at: 1,
    kind: 'content',
    conversation: id16,
    generation: 2,
    key: canary,
    former: [[1, canary]],
    knows: [],
  },
  feed: {
    type: 'read_key',
    at: 1,
    kind: 'feed',
    feed: 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX',
    epoch: 1,
    key: canary,
  },
  share: {
    type: 'recovery_share',
    at: 1,
    account: { identity: 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX', root: null },
    set: id16,
    threshold: 2,
    count: 3,
    share: canary,
  },
} as unknown as Record<string, Payload>

describe('secrets in payloads', () => {
  test.for(Object.entries(payloads))('[P6] [P16] [P17] [T22] are not printed: %s', ([, payload]) => {
    expect(readPayload(JSON.stringify(payload), { encrypted: true }).ok).toBe(true)
    const printed = withoutSecrets(payload)
    expect(JSON.stringify(printed)).not.toContain(canary)
    expect(Object.keys(printed)).toEqual(Object.keys(payload))
    expect(JSON.stringify(payload)).toContain(canary)
  })

  test('[P6] a payload without any is printed as it is', () => {
    for (const payload of [
      { type: 'void', at: 1 },
      { type: 'public_note', at: 1, text: 'a' },
      { type: 'image', at: 1, ...picture },
    ] as Payload[]) {
      expect(withoutSecrets(payload)).toEqual(payload)
    }
  })

  test('[P6] the secret of a file', () => {
    const note = payloads.note as Payload
    expect(fileSecret(note, film.blob)).toEqual(secret)
    expect(fileSecret(note, film.poster)).toBeNull()
    expect(fileSecret({ type: 'image', at: 1, ...picture }, picture.blob)).toBeNull()
    expect(fileSecret({ type: 'void', at: 1 }, picture.blob)).toBeNull()
  })
})
