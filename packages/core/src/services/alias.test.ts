/** Names that hubs give (W20-W22). */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aliasClaim, aliasVectors } from '../../test/alias-world.ts'
import { author, isValid } from '../../test/world.ts'
import { utf8 } from '../bytes.ts'
import { aliasCheck, decodeAlias, isAliasName, parseAlias, signAlias, writeAlias } from './alias.ts'

const file = new URL('../../../../spec/vectors/aliases.json', import.meta.url)
const vectors = await aliasVectors()

test('vectors are those in the repository', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(vectors)))
})

describe('texts', () => {
  test.for(vectors.texts)('[W20] $text', ({ text, says }) => {
    expect(parseAlias(text)).toEqual(says)
  })

  test('[W20] what is read is written to the same, and is a host that addresses have', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'ab-._@:[]19/#?% A'), maxLength: 24 })
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        const alias = parseAlias(text)
        if (alias === null) return
        expect(parseAlias(writeAlias(alias))).toEqual(alias)
        expect(isAliasName(alias.name)).toBe(true)
        const url = URL.parse(`https://${alias.host}/`)
        // What is no host after all, 1.2.3.999 say, is nothing to dial; it is never another host.
        if (url !== null)
          expect([url.pathname, url.username, url.hash, url.search]).toEqual(['/', '', '', ''])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('records', () => {
  test.for(vectors.accept)('[W22] $name', ({ text, says }) => {
    const decoded = decodeAlias(utf8(text))
    expect(decoded).toMatchObject({ ok: true, value: { claim: says } })
    if (decoded.ok) expect(isValid(aliasCheck(decoded.value))).toBe(true)
  })

  test.for(vectors.reject)('[W22] $name', ({ text, code }) => {
    const decoded = decodeAlias(utf8(text))
    if (code !== 'signature') expect(decoded).toMatchObject({ ok: false, error: { code } })
    else expect(decoded.ok && isValid(aliasCheck(decoded.value))).toBe(false)
  })

  test('[W22] cut anywhere, or with a bit turned, it is refused or not what the hub signed', async () => {
    const record = await signAlias(aliasClaim, author(9).signer)
    for (let length = 0; length < record.length; length++) {
      expect(decodeAlias(record.subarray(0, length)).ok).toBe(false)
    }
    for (let at = 0; at < record.length; at++) {
      const altered = new Uint8Array(record)
      altered[at] = altered[at]! ^ (1 << (at % 8))
      const decoded = decodeAlias(altered)
      expect(decoded.ok && isValid(aliasCheck(decoded.value))).toBe(false)
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => !decodeAlias(bytes).ok))
  })

  test('[W22] nothing is signed that would not be read', async () => {
    await expect(signAlias({ ...aliasClaim, alias: 'Alice' }, author(9).signer)).rejects.toThrow(RangeError)
  })
})
