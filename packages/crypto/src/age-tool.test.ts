/**
 * What we write opens with Debian's `age`, and the other way round. `npm test` installs it where it may
 * (tools/test.mjs); without it these are left out, and say so.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concatBytes, encodeBase64url, parseBase64url, parseUtf8, utf8 } from '@effigy/core'
import { bech32 } from '@scure/base'
import { Decrypter } from 'age-encryption'
import { describe, expect, onTestFinished, test } from 'vitest'
import { agePrefix, openAge, sealAge } from './age.ts'
import { createNodeCrypto } from './node.ts'
import { padText } from './padme.ts'
import { openStream, sealedStreamBytes, sealStream } from './stream.ts'

const age = '/usr/bin/age'
const isThere = existsSync(age)
const crypto = createNodeCrypto()

/** A reader whose secret the tool has in a file. */
async function openReader() {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-age-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const secret = crypto.randomBytes(32)
  const keyText = bech32.encodeFromBytes('AGE-SECRET-KEY-', secret).toUpperCase()
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, `${keyText}\n`)
  const key = await crypto.agreementKey(secret)
  const recipient = bech32.encodeFromBytes('age', key.publicKey)
  const run = (parts: readonly string[], input: Uint8Array): Uint8Array => {
    const [from, to] = [join(folder, 'in'), join(folder, 'out')]
    writeFileSync(from, input)
    rmSync(to, { force: true })
    execFileSync(age, [...parts, '-o', to, from], { stdio: 'pipe', timeout: 60_000 })
    // It makes no file for no bytes.
    return existsSync(to) ? new Uint8Array(readFileSync(to)) : new Uint8Array(0)
  }
  const decrypter = new Decrypter()
  decrypter.addIdentity(keyText)
  return {
    key,
    encrypt: (plaintext: Uint8Array) => run(['-r', recipient], plaintext),
    decrypt: (file: Uint8Array) => run(['-d', '-i', keyFile], file),
    /** Where the payload of an age file begins, and its key. */
    async payloadOf(file: Uint8Array) {
      // The header ends with the line `--- MAC`, which no stanza has.
      const text = Buffer.from(file).toString('latin1')
      const end = text.indexOf('\n', text.indexOf('\n--- ') + 1) + 1
      const fileKey = await decrypter.decryptHeader(file.subarray(0, end))
      const at = end + 16
      const streamKey = crypto.hkdfSha256(fileKey, file.subarray(end, at), utf8('payload'), 32)
      return { at, key: streamKey }
    },
  }
}

const note = { from: 'did:key:z6Mk', context: 'note', body: { text: 'ä€😀'.repeat(9000) } }
const content = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251)

describe.skipIf(!isThere)(isThere ? "Debian's age" : 'age is not installed here: left out', () => {
  test('[K6] opens a note of ours, among several readers', async () => {
    const reader = await openReader()
    const others = await Promise.all([1, 2].map(() => crypto.agreementKey(crypto.randomBytes(32))))
    const recipients = [...others, reader.key].map(({ publicKey }) => publicKey)
    const sealed = await sealAge({ ...note, recipients, crypto })
    if (!sealed.ok) throw new Error(sealed.error.code)
    const plaintext = reader.decrypt(parseBase64url(sealed.value.slice(agePrefix.length)) as Uint8Array)
    expect(parseUtf8(plaintext)?.split('\n')[0]).toBe(JSON.stringify(note))
  })

  test('[K6] seals a note that we open', async () => {
    const reader = await openReader()
    const text = agePrefix + encodeBase64url(reader.encrypt(padText(utf8(JSON.stringify(note)))))
    expect(await openAge(text, [reader.key], crypto)).toEqual({ ok: true, value: note })
  })

  test('[K7] has the segments of our encrypted files in its payload', async () => {
    const reader = await openReader()
    for (const length of [0, 1, 65_536, 65_537, 131_072, 200_000]) {
      const plaintext = content.subarray(0, length)
      const file = reader.encrypt(plaintext)
      const { at, key } = await reader.payloadOf(file)
      expect(file.length - at).toBe(sealedStreamBytes(length))
      const read = (range: { readonly offset: number; readonly length: number }) => [
        file.subarray(at + range.offset, at + range.offset + range.length),
      ]
      const secret = { key, hash: crypto.sha256(plaintext), bytes: length }
      const pieces: Uint8Array[] = []
      for await (const piece of openStream(read, { ...secret, crypto })) {
        if (!piece.ok) throw new Error(piece.error.code)
        pieces.push(piece.value)
      }
      expect(concatBytes(...pieces)).toEqual(plaintext)
    }
  })

  test('[K7] opens the segments that we seal, in the place of its payload', async () => {
    const reader = await openReader()
    const file = reader.encrypt(new Uint8Array(0))
    const { at, key } = await reader.payloadOf(file)
    for (const length of [0, 1, 65_536, 65_537, 200_000]) {
      const plaintext = content.subarray(0, length)
      const pieces = [file.subarray(0, at)]
      for await (const piece of sealStream([plaintext], { crypto: { ...crypto, randomBytes: () => key } })) {
        pieces.push(piece)
      }
      expect(reader.decrypt(concatBytes(...pieces))).toEqual(plaintext)
    }
  })
})
