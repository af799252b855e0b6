import { encodeBase64url, type Json, parseBase64url, utf8 } from '@effigy/core'
import { createRandom, mutations, randomInputs, truncations } from '@effigy/testkit'
import { bech32 } from '@scure/base'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { beforeAll, describe, expect, test } from 'vitest'
import { agePrefix, maxAgeLength, openAge, sealAge } from './age.ts'
import type { AgreementKey } from './crypto.ts'
import { createNobleCrypto } from './noble.ts'
import { createNodeCrypto } from './node.ts'
import { paddedLength } from './padme.ts'

const crypto = createNodeCrypto()
const secret = (fill: number) => new Uint8Array(32).fill(fill)
const note = { from: 'did:key:z6Mk', context: 'note', body: { text: 'hello' } }

let own: AgreementKey
let other: AgreementKey
beforeAll(async () => {
  own = await crypto.agreementKey(secret(1))
  other = await crypto.agreementKey(secret(2))
})

async function seal(recipients: readonly Uint8Array[], body: Json = note.body): Promise<string> {
  const sealed = await sealAge({ ...note, body, recipients, crypto })
  if (!sealed.ok) throw new Error(sealed.error.code)
  return sealed.value
}

const fileOf = (text: string): Uint8Array => parseBase64url(text.slice(agePrefix.length)) ?? new Uint8Array(0)
const textOf = (file: Uint8Array): string => agePrefix + encodeBase64url(file)
const stanzasOf = (text: string): number =>
  new TextDecoder().decode(fileOf(text)).split('\n-> X25519 ').length - 1
const bech32Secret = (fill: number): string =>
  bech32.encodeFromBytes('AGE-SECRET-KEY-', secret(fill)).toUpperCase()

/** A text sealed by the library alone, with this plaintext. */
async function foreign(plaintext: Uint8Array | string, recipients = 1): Promise<string> {
  const encrypter = new Encrypter()
  for (let index = 0; index < recipients; index++) {
    encrypter.addRecipient(bech32.encodeFromBytes('age', own.publicKey))
  }
  return textOf(await encrypter.encrypt(plaintext))
}

function paddedText(json: string): Uint8Array {
  const plaintext = new Uint8Array(paddedLength(json.length + 1))
  plaintext.set(utf8(`${json}\n`))
  return plaintext
}

describe('a sealed note', () => {
  test('[K6] opens for each recipient, with either backend', async () => {
    const text = await seal([own.publicKey, other.publicKey])
    expect(text).toMatch(/^age:[A-Za-z0-9_-]+$/)
    expect(await openAge(text, [own], crypto)).toEqual({ ok: true, value: note })
    expect(await openAge(text, [other], crypto)).toEqual({ ok: true, value: note })
    const noble = createNobleCrypto()
    expect(await openAge(text, [await noble.agreementKey(secret(2))], noble)).toEqual({
      ok: true,
      value: note,
    })
    const byNoble = await sealAge({ ...note, recipients: [own.publicKey], crypto: noble })
    expect(byNoble.ok && (await openAge(byNoble.value, [other, own], crypto))).toEqual({
      ok: true,
      value: note,
    })
  })

  test('[K6] recipients are padded in number to 1, 2, 4, … 64', async () => {
    for (const [count, padded] of [
      [1, 1],
      [2, 2],
      [3, 4],
      [5, 8],
      [33, 64],
      [64, 64],
    ] as const) {
      expect(stanzasOf(await seal(new Array(count).fill(own.publicKey)))).toBe(padded)
    }
  })

  test('[K6] the plaintext is JSON, a newline and zeros up to PADMÉ', async () => {
    const decrypter = new Decrypter()
    decrypter.addIdentity(bech32Secret(1))
    const plaintext = await decrypter.decrypt(fileOf(await seal([own.publicKey])))
    expect(plaintext).toEqual(paddedText('{"from":"did:key:z6Mk","context":"note","body":{"text":"hello"}}'))
    const length = async (body: string) => (await seal([own.publicKey], body)).length
    expect(await length('')).toBe(await length('x'.repeat(150)))
  })

  test('[K6] age itself seals for us and opens ours', async () => {
    const identity = await generateX25519Identity()
    const recipient = bech32.decodeToBytes(await identityToRecipient(identity)).bytes
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    expect((await decrypter.decrypt(fileOf(await seal([recipient, own.publicKey])))).length).toBe(256)
    const text = await foreign(paddedText(JSON.stringify(note)))
    expect(await openAge(text, [own], crypto)).toEqual({ ok: true, value: note })
  })

  test('[K6] any strict JSON may be the body; anything else is our bug', async () => {
    for (const body of [null, 0, '', 'ä€😀', [], [1, [2]], { a: { b: null } }]) {
      expect(await openAge(await seal([own.publicKey], body), [own], crypto)).toEqual({
        ok: true,
        value: { ...note, body },
      })
    }
    await expect(seal([own.publicKey], 1.5)).rejects.toThrow(TypeError)
  })

  test('[K6] recipients that cannot be sealed to are values', async () => {
    const attempt = (recipients: readonly Uint8Array[], body: Json = '') =>
      sealAge({ ...note, body, recipients, crypto })
    expect(await attempt([])).toMatchObject({ error: { code: 'no-recipients' } })
    expect(await attempt(new Array(65).fill(own.publicKey))).toMatchObject({
      error: { code: 'too-many-recipients' },
    })
    expect(await attempt([own.publicKey, secret(0)])).toEqual({
      ok: false,
      error: { code: 'bad-recipient', recipient: 1 },
    })
    expect(await attempt([secret(1).subarray(1)])).toMatchObject({
      error: { code: 'bad-recipient', recipient: 0 },
    })
    expect(await attempt([own.publicKey], 'x'.repeat(200_000))).toMatchObject({
      error: { code: 'too-large' },
    })
    expect(await attempt([own.publicKey], 'x'.repeat(300_000))).toMatchObject({
      error: { code: 'too-large' },
    })
  })
})

describe('opening', () => {
  const codeOf = async (text: string, keys: readonly AgreementKey[] = [own]): Promise<string> => {
    const opened = await openAge(text, keys, crypto)
    return opened.ok ? 'ok' : opened.error.code
  }

  test('[K6] not for us is told from altered', async () => {
    const text = await seal([own.publicKey])
    expect(await codeOf(text, [other])).toBe('not-for-us')
    expect(await codeOf(text, [])).toBe('not-for-us')
    const file = fileOf(text)
    expect(await codeOf(textOf(file.with(-1, (file.at(-1) as number) ^ 1)))).toBe('age')
  })

  test('[K6] a key of ours that cannot be used says nothing of the text', async () => {
    const locked: AgreementKey = {
      publicKey: own.publicKey,
      agree: () => Promise.reject(new DOMException('', 'InvalidAccessError')),
    }
    const text = await seal([own.publicKey])
    expect(await codeOf(text, [locked])).toBe('own-key')
    expect(await codeOf(text, [own, locked])).toBe('ok')
    // Nor does it keep another one from opening it, which comes behind it.
    const former = await crypto.agreementKey(crypto.randomBytes(32))
    expect(await codeOf(await seal([former.publicKey]), [locked, former])).toBe('ok')
    expect(await codeOf(textOf(utf8('no age file')), [locked])).toBe('age')
  })

  test('[K6] bounds and spelling come before parsing', async () => {
    const text = await seal([own.publicKey])
    expect(await codeOf('x'.repeat(maxAgeLength + 1))).toBe('too-large')
    expect(await codeOf(text.slice(4))).toBe('encoding')
    expect(await codeOf(`${text}=`)).toBe('encoding')
    expect(await codeOf(`${text}\n`)).toBe('encoding')
    expect(await codeOf(`age:${text.slice(4).replace(/.$/, '+')}`)).toBe('encoding')
    expect(await codeOf('age:')).toBe('age')
    const crowd = await foreign(paddedText(JSON.stringify(note)), 65)
    expect(await codeOf(crowd)).toBe('too-many-recipients')
    expect(await codeOf(await foreign(paddedText(JSON.stringify(note)), 64))).toBe('ok')
  })

  test('[K6] the content is checked to the last zero', async () => {
    const json = JSON.stringify(note)
    const padded = paddedText(json)
    const wrong: readonly (Uint8Array | string)[] = [
      '',
      json,
      `${json}\n`,
      padded.subarray(0, 255),
      Uint8Array.of(...padded, ...new Uint8Array(16)),
      padded.with(255, 1),
      padded.with(0, 0xff),
      paddedText(json.replace('"note"', '1')),
      paddedText(
        json.replace('{"from":"did:key:z6Mk","context":"note",', '{"context":"note","from":"did:key:z6Mk",'),
      ),
      paddedText(json.replace('"context":"note",', '')),
      paddedText(json.replace('"body"', '"more":1,"body"')),
      paddedText(`${json} `),
      paddedText('["from","context","body"]'),
      paddedText('null'),
    ]
    for (const plaintext of wrong) expect(await codeOf(await foreign(plaintext))).toBe('content')
  })

  test('[K6] truncated, flipped and random bytes give a code, never an error', async () => {
    const file = fileOf(await seal([own.publicKey]))
    for (const cut of truncations(file)) expect(await codeOf(textOf(cut))).toBe('age')
    let at = 0
    for (const flipped of mutations(file)) {
      if (at++ % 5 === 0) expect(['age', 'not-for-us']).toContain(await codeOf(textOf(flipped)))
    }
    for (const bytes of randomInputs(createRandom('age'), 200)) {
      expect(await codeOf(textOf(bytes))).toBe('age')
      expect(['encoding', 'age']).toContain(await codeOf(agePrefix + String.fromCharCode(...bytes)))
    }
  })

  test('[K6] a share of small order and foreign stanzas are refused or passed over', async () => {
    const header = (stanza: string) =>
      textOf(utf8(`age-encryption.org/v1\n${stanza}\n--- ${'A'.repeat(43)}\n`))
    const body = 'A'.repeat(43)
    expect(await codeOf(header(`-> X25519 ${'A'.repeat(43)}\n${body}`))).toBe('age')
    expect(await codeOf(header(`-> X25519 AA\n${body}`))).toBe('age')
    expect(await codeOf(header(`-> scrypt AA 30\n${body}`))).toBe('not-for-us')
  })
})
