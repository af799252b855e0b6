import { describe, expect, test } from 'vitest'
import { ownVectors, sharedVectorBytes, sharedVectorNames, sharedVectors } from './vectors.ts'

const present = sharedVectors('README.md') !== null

describe('vectors', () => {
  test('a public file that is not there is null, its folder empty', () => {
    expect(sharedVectors('none/such.json')).toBeNull()
    expect(sharedVectorNames('none')).toEqual([])
  })

  test('one of our own that is not there is a bug', () => {
    expect(() => ownVectors('none-such.json')).toThrow('ENOENT')
  })

  test.skipIf(!present)('public vectors are read (skipped where ../shared/vectors is not)', () => {
    const names = sharedVectorNames('bip39')
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(sharedVectorBytes(name)!.length).toBeGreaterThan(0)
  })
})
