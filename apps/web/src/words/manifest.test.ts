/** What systems show of the app is said in each language that the app speaks, and leads to the same places. */
import { expect, test } from 'vitest'
import { manifest, translatedManifests } from '../../manifest.ts'
import { languages } from './language.ts'

test('there is one for each language but English', () => {
  expect(['en', ...translatedManifests.keys()]).toEqual(Object.keys(languages))
})

test.for([...translatedManifests])('%s differs in its words alone', ([language, translated]) => {
  const { lang, dir, description, shortcuts = [], ...same } = translated
  const { lang: _lang, dir: _dir, description: english, shortcuts: englishOnes = [], ...others } = manifest
  expect(same).toEqual(others)
  expect([lang, dir]).toEqual([language, languages[language as keyof typeof languages].direction])
  expect(description).not.toBe(english)
  expect(shortcuts.map(({ url }) => url)).toEqual(englishOnes.map(({ url }) => url))
  const names = shortcuts.map(({ name }) => name)
  expect(new Set([...names, ...englishOnes.map(({ name }) => name)]).size).toBe(6)
  // Where there is little room, systems cut what is longer.
  for (const { name, short_name = '' } of shortcuts)
    expect(short_name.length).toBeLessThanOrEqual(Math.min(name.length, 12))
})
