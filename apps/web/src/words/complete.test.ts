/** Every text of every part in every language, with its places, its parts and its plural forms. */
import { expect, test } from 'vitest'
import type { Texts, Words } from './define.ts'

type Module = Readonly<Record<string, unknown>>

const english = import.meta.glob<Module>('../**/words.ts', { eager: true })
const others = import.meta.glob<Module>('../**/words.*.ts', { eager: true })
const languages = ['de', 'es', 'ar']

const plural = /_(zero|one|two|few|many|other)$/

/** Plurals by their base: `count`. */
const bases = (texts: Texts): Set<string> => new Set(Object.keys(texts).map((key) => key.replace(plural, '')))

const placesIn = (text: string): string => [...new Set(text.match(/\{\{\w+\}\}/g))].sort().join(' ')
const partsIn = (text: string): string => (text.match(/<\/?\w+\/?>/g) ?? []).sort().join(' ')

const parts = Object.entries(english).map(([path, module]) => ({ path, words: module.words as Words }))

test('there are parts to look at', () => expect(parts.length).toBeGreaterThan(3))

test.for(parts)('$path is named after its folder', ({ path, words }) => {
  expect(path).toBe(`../${words.namespace}/words.ts`)
})

const pairs = parts.flatMap((part) => languages.map((language) => ({ ...part, language })))

test.for(pairs)('$path is whole in $language', ({ path, words, language }) => {
  const translated = others[path.replace('words.ts', `words.${language}.ts`)]?.[language] as Texts | undefined
  if (translated === undefined) throw new Error(`there is no words.${language}.ts that exports ${language}`)
  expect([...bases(translated)].sort()).toEqual([...bases(words.english)].sort())
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  for (const [key, text] of Object.entries(words.english)) {
    const isPlural = plural.test(key)
    // A form that says a number in words needs no place for it.
    if (isPlural && !key.endsWith('_other')) continue
    const names = isPlural ? forms.map((form) => key.replace(plural, `_${form}`)) : [key]
    for (const name of names) {
      const said = translated[name] ?? ''
      expect(said.trim(), name).not.toBe('')
      if (!isPlural) expect(placesIn(said), name).toBe(placesIn(text))
      expect(partsIn(said), name).toBe(partsIn(text))
    }
  }
})
