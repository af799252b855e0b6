/**
 * Which language the app speaks, in which direction, and where its texts come from.
 *
 *     chosen, or of the browser ─▶ language ─▶ <html lang dir>, texts of all parts
 *
 * @module
 */
import { loadPart } from '@effigy/core'
import i18next, { type BackendModule, type FormatterModule, type PostProcessorModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { english, type Texts } from './define.ts'
import { pseudo } from './pseudo.ts'

/** In their own words, as a list of languages shows them. */
export const languages = {
  en: { name: 'English', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
  es: { name: 'Español', direction: 'ltr' },
  ar: { name: 'العربية', direction: 'rtl' },
} as const

export type Language = keyof typeof languages

/** Every text between brackets and longer than it is: what is not was forgotten. Asked for by `?lang=en-XA`. */
const pseudoLanguage = 'en-XA'

/** In `localStorage`; absent: as the browser says. */
const storageKey = 'effigy-language'

type WordsModule = Readonly<Record<string, Texts>>

const modules = import.meta.glob<WordsModule>('../**/words.*.ts')

const backend: BackendModule = {
  type: 'backend',
  init: () => {},
  read(language, namespace, answer) {
    const load = modules[`../${namespace}/words.${language}.ts`]
    if (load === undefined) return answer(null, {})
    load().then(
      (module) => answer(null, module[language] ?? {}),
      (error) => answer(error instanceof Error ? error : String(error), null),
    )
  },
}

const pseudoTexts: PostProcessorModule = {
  type: 'postProcessor',
  name: 'pseudo',
  process: (text, _key, _options, { language }) => (language === pseudoLanguage ? pseudo(text) : text),
}

/** A number stands within a text as it stands beside it: in the digits of the language. */
const numbers: FormatterModule = {
  type: 'formatter',
  init: () => {},
  add: () => {},
  addCached: () => {},
  format: (value, _format, language) =>
    typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value,
}

/** English is there at once. */
export async function startWords(): Promise<void> {
  await i18next
    .use(backend)
    .use(pseudoTexts)
    .use(numbers)
    .use(initReactI18next)
    .init({
      lng: 'en',
      fallbackLng: 'en',
      supportedLngs: [...Object.keys(languages), pseudoLanguage],
      load: 'currentOnly',
      partialBundledLanguages: true,
      resources: { en: english },
      ns: ['app'],
      defaultNS: false,
      // React renders text as text.
      interpolation: { escapeValue: false, alwaysFormat: true },
      postProcess: ['pseudo'],
      react: { useSuspense: true },
    })
  i18next.on('languageChanged', tellPage)
  // Chosen in another tab.
  addEventListener('storage', ({ key }) => {
    if (key === storageKey) speak(wishedLanguage()).catch(() => {})
  })
}

/** As chosen, or as the browser says; where its texts cannot be had it stays English. */
export async function speakWished(): Promise<void> {
  await speak(wishedLanguage()).catch(() => {})
}

/** Texts of all parts, which travel as one file (`chunks.ts`): no part that is shown has to wait for its own. */
async function fetchTexts(language: string): Promise<void> {
  const end = `/words.${language}.ts`
  const found = Object.entries(modules).filter(([path]) => path.endsWith(end))
  const loaded = found.map(async ([path, load]) => {
    const module = await loadPart(load)
    i18next.addResourceBundle(language, path.slice('../'.length, -end.length), module[language] ?? {})
  })
  await Promise.all(loaded)
}

async function speak(language: string): Promise<void> {
  await fetchTexts(language)
  // Another one may have been chosen while its texts came.
  if (language === wishedLanguage()) await i18next.changeLanguage(language)
}

/** Null: as the browser says, from now on too. */
export async function chooseLanguage(language: Language | null): Promise<void> {
  if (language === null) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, language)
  await speak(wishedLanguage())
}

/** What a person chose; null: nothing. */
export function chosenLanguage(): Language | null {
  return known(localStorage.getItem(storageKey))
}

/** What is spoken now; numbers and dates too. */
export function spokenLanguage(): string {
  return i18next.language
}

export function directionOf(language: string): 'ltr' | 'rtl' {
  return known(language) === null ? 'ltr' : languages[language as Language].direction
}

function wishedLanguage(): string {
  const asked = new URLSearchParams(location.search).get('lang')
  if (asked === pseudoLanguage) return asked
  const wished = known(asked) ?? chosenLanguage()
  if (wished !== null) return wished
  for (const tag of navigator.languages) {
    const language = known(tag.split('-', 1)[0] ?? '')
    if (language !== null) return language
  }
  return 'en'
}

function known(text: string | null): Language | null {
  return text !== null && Object.hasOwn(languages, text) ? (text as Language) : null
}

function tellPage(): void {
  document.documentElement.lang = i18next.language
  document.documentElement.dir = directionOf(i18next.language)
}
