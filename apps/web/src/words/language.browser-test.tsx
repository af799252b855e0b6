/** Texts of another language: those of all parts are there before it is spoken, and nothing waits for its own. */
import i18next from 'i18next'
import { expect, test } from 'vitest'
import { chooseLanguage, startWords } from './language.ts'

await startWords()

test('a language that is chosen has the texts of parts that nobody has shown yet', async () => {
  expect(i18next.hasResourceBundle('de', 'screens/inspector')).toBe(false)
  await chooseLanguage('de')
  expect(i18next.language).toBe('de')
  expect(document.documentElement.lang).toBe('de')
  for (const part of ['app', 'components/composer', 'screens/inspector', 'screens/restore'])
    expect(Object.keys(i18next.getResourceBundle('de', part) ?? {}), part).not.toEqual([])
  await chooseLanguage('ar')
  expect(document.documentElement.dir).toBe('rtl')
  await chooseLanguage(null)
})

test('of two choices the last one counts, however long the first one takes', async () => {
  await Promise.all([chooseLanguage('es'), chooseLanguage('en')])
  expect(i18next.language).toBe('en')
  await chooseLanguage(null)
})
