/** Encrypted files: stored as ciphertext, read whole or in part with their secret, refused when anything was altered (T28). */
import {
  type Cid,
  concatBytes,
  encodeBase64url,
  type FileSecret,
  fileSecret,
  inspectImage,
  type Payload,
  payloadBlobs,
  sniffImage,
  utf8,
} from '@effigy/core'
import { dagBlocks } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import { ownVectors } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { createFileSealing } from '../src/encrypted-files.ts'
import { couple, friendOf, household } from './account-kit.ts'
import { createWorld, never, type TestPeer, testCrypto } from './world.ts'

const random = createRandom('encrypted files')
const content = random.bytes(300_000)

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000)
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part.slice())
  return concatBytes(...parts)
}

const code = (name: string) => expect.objectContaining({ code: name })

async function addEncrypted({ peer }: TestPeer, bytes = content) {
  const added = await peer.addFile(pieces(bytes), { encrypted: true, signal: never })
  return { ...added, secret: added.secret as FileSecret }
}

const fileOf = (root: Cid, secret: FileSecret) =>
  ({
    type: 'media',
    at: 1,
    kind: 'document',
    blob: root,
    mime: 'text/plain',
    bytes: secret.bytes,
    secret,
  }) as Payload

const pictures: readonly { readonly name: string; readonly image: string }[] = JSON.parse(
  ownVectors('images.json'),
)
const dirtyPicture = new Uint8Array(
  Buffer.from(pictures.find(({ name }) => name === 'jpeg: Exif, orientation 6')?.image ?? '', 'base64'),
)

describe('an encrypted file', () => {
  test('[K7] is stored as ciphertext, and read with its secret', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const { peer, store } = alice
    const { root, size, secret } = await addEncrypted(alice)
    expect(secret).toMatchObject({ bytes: 300_000, hash: encodeBase64url(testCrypto.sha256(content)) })
    expect(size).toBe(300_000 + 5 * 16)
    expect(store.blobState(root)).toMatchObject({ type: 'complete' })
    const stored = await whole(peer.readFile(root, { signal: never }))
    expect(Buffer.from(stored).includes(Buffer.from(content.subarray(1000, 1016)))).toBe(false)
    expect(await whole(peer.readFile(root, { secret, signal: never }))).toEqual(content)
  })

  test('[I41] [T11] a picture that was encrypted is judged before anybody decodes it', async () => {
    await using world = createWorld()
    const { peer, store } = await world.add('mallory')
    const bomb = pictures.find(({ name }) => name === 'jpeg: header only, 20,000 wide')?.image ?? ''
    // Who attacks does not ask `addFile`, which would refuse it.
    const sealing = createFileSealing(testCrypto)
    const sealed = await whole(sealing.seal(pieces(new Uint8Array(Buffer.from(bomb, 'base64')))))
    const { root } = await peer.addFile(pieces(sealed), { strip: false, signal: never })
    const secret = sealing.secret() as FileSecret
    expect(store.blobState(root)).toMatchObject({ type: 'complete' })
    const shown = peer.readFile(root, { secret, picture: true, signal: never })
    await expect(whole(shown)).rejects.toThrow(code('image-too-large'))
    expect((await whole(peer.readFile(root, { secret, signal: never }))).length).toBeGreaterThan(0)
  })

  test('[K7] any range is read, of the blocks that it needs alone', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const { peer, store } = alice
    const { root, secret } = await addEncrypted(alice)
    const ranges = [
      [0, 1],
      [65_535, 2],
      [131_072, 65_536],
      [299_990, 100],
      [300_000, 5],
    ] as const
    for (const [offset, length] of ranges) {
      const read = peer.readFile(root, { secret, offset, length, signal: never })
      expect(await whole(read)).toEqual(content.slice(offset, offset + length))
    }
    // Somebody has the first of both blocks only.
    const bob = await world.add('bob')
    const blocks: [Cid, Uint8Array][] = []
    for (const block of dagBlocks(root, store.asBlocks)) {
      if (block.ok) blocks.push([block.value.cid, block.value.bytes])
    }
    expect(blocks.length).toBe(3)
    bob.store.putBlocks(blocks.slice(0, -1))
    const start = { secret, length: 1000, signal: never }
    expect(await whole(bob.peer.readFile(root, start))).toEqual(content.slice(0, 1000))
    await expect(whole(bob.peer.readFile(root, { secret, signal: never }))).rejects.toThrow(
      code('blob-absent'),
    )
  })

  test('[K7] another key, an altered block, a wrong size or another hash are refused', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const { peer } = alice
    const { root, secret } = await addEncrypted(alice)
    const other = await addEncrypted(alice)
    expect(other.root).not.toBe(root)
    const read = (root: Cid, wrong: FileSecret) =>
      whole(peer.readFile(root, { secret: wrong, signal: never }))
    const wrong: readonly FileSecret[] = [
      { ...secret, key: other.secret.key },
      { ...secret, bytes: secret.bytes - 1 },
      { ...secret, bytes: secret.bytes + 1 },
      { ...secret, bytes: 0 },
      { ...secret, hash: secret.key },
    ]
    for (const one of wrong) await expect(read(root, one)).rejects.toThrow(code('blob-altered'))
    const ciphertext = await whole(peer.readFile(root, { signal: never }))
    ciphertext[70_000] = (ciphertext[70_000] as number) ^ 1
    const altered = await peer.addFile(pieces(ciphertext), { signal: never })
    await expect(read(altered.root, secret)).rejects.toThrow(code('blob-altered'))
    const start = peer.readFile(altered.root, { secret, length: 65_536, signal: never })
    expect(await whole(start)).toEqual(content.slice(0, 65_536))
  })

  test('[K7] an empty one, and one whose secret has no right form', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const { root, size, secret } = await addEncrypted(alice, new Uint8Array(0))
    expect([size, secret.bytes]).toEqual([16, 0])
    expect(await whole(alice.peer.readFile(root, { secret, signal: never }))).toEqual(new Uint8Array(0))
    const odd = { ...secret, key: 'short' }
    await expect(whole(alice.peer.readFile(root, { secret: odd, signal: never }))).rejects.toThrow(TypeError)
  })

  test('[I2] a picture loses its metadata before it is encrypted', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const { root, secret, removed, image } = await addEncrypted(alice, dirtyPicture)
    expect(removed).toContain('exif')
    expect(image).toMatchObject({ mime: 'image/jpeg', width: 8, height: 8 })
    const opened = await whole(alice.peer.readFile(root, { secret, signal: never }))
    const inspected = inspectImage(opened)
    expect(inspected.ok && inspected.value.metadata).toEqual([])
    const unclean = alice.peer.addFile(pieces(dirtyPicture), { encrypted: true, strip: false, signal: never })
    await expect(unclean).rejects.toThrow(code('image-metadata'))
  })

  test('[K7] a ciphertext that begins like a picture is made anew', async () => {
    let drawn = 0
    const sealing = createFileSealing({
      ...testCrypto,
      seal(key, nonce, associated, plaintext) {
        const sealed = testCrypto.seal(key, nonce, associated, plaintext)
        if (drawn++ === 0) sealed.set([0xff, 0xd8, 0xff])
        return sealed
      },
    })
    const ciphertext = await whole(sealing.seal([utf8('a text')]))
    expect(drawn).toBe(2)
    expect(sniffImage(ciphertext)).toBeNull()
    expect(sealing.secret()?.bytes).toBe(6)
  })

  test('[B15] [K7] a follower fetches it by the entry that links to it, and opens it with the secret', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    bob.peer.watch(alice.identity)
    const { root, secret } = await addEncrypted(alice)
    await alice.peer.publish(fileOf(root, secret))
    const connection = bob.peer.connect(alice.address)
    await world.turn(connection.ready(never))
    await world.turn(bob.peer.settled(never))
    await world.until(() => bob.store.blobState(root).type === 'complete')
    expect(await whole(bob.peer.readFile(root, { secret, signal: never }))).toEqual(content)
  })
})

describe('files of private notes', () => {
  const filesOf = ({ peer, store }: TestPeer, name: string) =>
    peer.conversations.messages(name).items.flatMap(({ state }) => {
      const payload = state.type === 'shown' ? state.payload : null
      return (payload === null ? [] : payloadBlobs(payload)).map((root) => ({
        root,
        secret: payload === null ? null : fileSecret(payload, root),
        here: store.blobState(root).type,
      }))
    })

  test('[K7] [Q21] [T28] come to whom they are for, on all their devices; others hold ciphertext that they cannot open', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1', 'a2'], ['b1'])
    const [a1, a2, b1] = [...ann, ...bob] as [TestPeer, TestPeer, TestPeer]
    const eve = await friendOf(world, a1, 'eve')
    const canary = Buffer.from(content.subarray(5000, 5016))
    // The first goes by age, the second as a box.
    for (const text of ['first', 'second']) {
      const { root, secret } = await addEncrypted(a1)
      const attachments = [
        {
          type: 'media' as const,
          kind: 'document' as const,
          blob: root,
          mime: 'text/plain',
          bytes: 1,
          secret,
        },
      ]
      const sent = a1.peer.conversations.write([b1.identity], { text, attachments })
      const { cid } = await world.turn(sent)
      expect(a1.store.entry(cid)?.signed.entry.links.map(([linked]) => linked)).toContain(root)
    }
    const nameAt = (one: TestPeer, other: TestPeer) => one.peer.conversations.nameOf([other.identity])
    for (const [one, other] of [
      [b1, a1],
      [a2, b1],
    ] as const) {
      await world.until(() => {
        const files = filesOf(one, nameAt(one, other))
        return files.length === 2 && files.every(({ here }) => here === 'complete')
      })
      for (const { root, secret } of filesOf(one, nameAt(one, other))) {
        if (secret === null) throw new Error('no secret')
        expect(await whole(one.peer.readFile(root, { secret, signal: never }))).toEqual(content)
        const range = one.peer.readFile(root, { secret, offset: 100_000, length: 7, signal: never })
        expect(await whole(range)).toEqual(content.slice(100_000, 100_007))
      }
    }
    for (const { root } of filesOf(b1, nameAt(b1, a1))) {
      await world.until(() => eve.store.blobState(root).type === 'complete')
      const held = Buffer.from(await whole(eve.peer.readFile(root, { signal: never })))
      expect(held.includes(canary)).toBe(false)
    }
  })

  test('[B15] [K7] of a note to oneself come to all own devices, and stay', async () => {
    await using world = createWorld()
    const [a1, a2] = (await household(world, 'a1', 'a2')) as [TestPeer, TestPeer]
    const { root, secret } = await addEncrypted(a1)
    const file = {
      type: 'media' as const,
      kind: 'document' as const,
      blob: root,
      mime: 'text/plain',
      bytes: 1,
    }
    await world.turn(a1.peer.conversations.write([], { text: 'mine', attachments: [{ ...file, secret }] }))
    expect(a1.store.holders(root)).toEqual([`feed:${a1.identity}`])
    await world.until(() => a2.store.blobState(root).type === 'complete')
    expect(await whole(a2.peer.readFile(root, { secret, signal: never }))).toEqual(content)
  })

  test('[B15] [Q24] what an edit took off is there again when a further edit puts it back', async () => {
    await using world = createWorld()
    const { ann, bob } = await couple(world, ['a1'], ['b1'])
    const [a1, b1] = [...ann, ...bob] as [TestPeer, TestPeer]
    const { root, secret } = await addEncrypted(a1)
    const { type: _type, at: _at, ...file } = fileOf(root, secret) as Extract<Payload, { type: 'media' }>
    const before = { text: 'look', attachments: [{ type: 'media' as const, ...file }] }
    const { cid } = await world.turn(a1.peer.conversations.write([b1.identity], before))
    const saidBy = (one: TestPeer, other: TestPeer) =>
      one.peer.conversations
        .messages(one.peer.conversations.nameOf([other.identity]))
        .items.map(({ state }) => (state.type === 'shown' ? state.payload : null))
    const edit = (entry: typeof cid, said: object) =>
      world.turn(a1.peer.edit(entry, { type: 'private_note', at: 1, ...said } as Payload))
    await world.until(() => b1.store.blobState(root).type === 'complete')
    const edited = await edit(cid, { text: 'nothing' })
    for (const [one, other] of [[a1, b1] as const, [b1, a1] as const])
      await world.until(() => JSON.stringify(saidBy(one, other)).includes('nothing'))
    await edit(edited.cid, before)
    for (const [one, other] of [[a1, b1] as const, [b1, a1] as const]) {
      await world.until(() => saidBy(one, other).some((said) => said !== null && 'attachments' in said))
      await world.until(() => one.store.blobState(root).type === 'complete')
      expect(saidBy(one, other)).toEqual([expect.objectContaining(before)])
      expect(await whole(one.peer.readFile(root, { secret, signal: never }))).toEqual(content)
    }
  })
})
