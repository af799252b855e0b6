/** No ordinary screen speaks of what is underneath (issue 8): the inspector and administration alone may. */
import { expect, test } from 'vitest'
import type { Texts, Words } from './define.ts'

type Module = Readonly<Record<string, unknown>>

const modules = import.meta.glob<Module>('../**/words{,.??}.ts', { eager: true })

/** Hash, head and feed, borrowed or translated, as the inspector says them; a person's head is none. */
const technical: Readonly<Record<string, RegExp>> = {
  en: /\b(hash\w*|feeds?|heads?)\b/i,
  de: /hash|\bfeeds?\b|\bheads?\b|feed-/i,
  es: /\b(hash\w*|feeds?|heads?)\b/i,
  ar: /hash|feed|head|خلاص|الرأس/i,
}

const ordinary = Object.entries(modules).filter(
  ([path]) => !/screens\/(inspector|administration)\//.test(path),
)

function textsOf(path: string, module: Module): readonly [language: string, Texts] {
  const [, language = 'en'] = /words\.(\w+)\.ts$/.exec(path) ?? []
  return [language, language === 'en' ? (module.words as Words).english : (module[language] as Texts)]
}

test.for(ordinary)('%s says it in plain words', ([path, module]) => {
  const [language, texts] = textsOf(path, module)
  const found = Object.entries(texts).filter(([, text]) => technical[language]?.test(text) !== false)
  expect(found).toEqual([])
})

test('what the inspector calls them would be found', () => {
  for (const language of ['en', 'de', 'es', 'ar']) {
    const path = `../screens/inspector/words${language === 'en' ? '' : `.${language}`}.ts`
    const [, { feed = '', head = '' }] = textsOf(path, modules[path] ?? {})
    expect(technical[language]?.test(feed), feed).toBe(true)
    expect(technical[language]?.test(head), head).toBe(true)
  }
})
