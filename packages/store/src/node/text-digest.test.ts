/**
 * @module
 */
import { createHash } from 'node:crypto'
import { utf8 } from '@effigy/core'
import { expect, test } from 'vitest'
import { textDigest } from './text-digest.ts'

test('[S3] a text has the digest of its UTF-8, whatever is in it', () => {
  const texts = ['', 'plain', '\ufeffmarked', 'ü €', '\u{1f600}', '\ud800 alone', 'a\0b', 'x'.repeat(70_000)]
  for (const text of texts) {
    expect(textDigest(text)).toEqual(new Uint8Array(createHash('sha256').update(utf8(text)).digest()))
  }
})
