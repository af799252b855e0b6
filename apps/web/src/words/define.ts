/**
 * What a part of the app says, in English, and the shape that other languages fill.
 *
 *     defineWords('screens/people', { title: 'People' }) ─▶ words ─useWords▶ t('title')
 *
 * English comes with the part itself; other languages are loaded from `words.<language>.ts` beside it.
 *
 * @module
 */
import i18next from 'i18next'

export type Texts = Readonly<Record<string, string>>

/** Of `Intl.PluralRules`. */
type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'

type IsPlural<Key extends string> = Key extends `${string}_${PluralForm}` ? true : false
type Base<Key extends string> = Key extends `${infer Name}_${PluralForm}` ? Name : Key

/** `namespace`: the folder below `src`. */
export interface Words<English extends Texts = Texts> {
  readonly namespace: string
  readonly english: English
}

/** `count_one`, `count_other` are said as `count`, with a number of that name. */
export type KeyOf<English extends Texts> = Base<keyof English & string>

/** The same in another language: every text, and of plurals the forms that the language has. */
export type Translated<Given extends Words> =
  Given extends Words<infer English>
    ? {
        readonly [Key in keyof English & string as IsPlural<Key> extends true ? never : Key]: string
      } & {
        readonly [Key in keyof English & string as IsPlural<Key> extends true
          ? `${Base<Key>}_other`
          : never]: string
      } & {
        readonly [Key in keyof English & string as IsPlural<Key> extends true
          ? `${Base<Key>}_${PluralForm}`
          : never]?: string
      }
    : never

/** English of parts that were loaded before the language was chosen, by their namespace. */
export const english: Record<string, Texts> = {}

export function defineWords<const English extends Texts>(namespace: string, texts: English): Words<English> {
  english[namespace] = texts
  if (i18next.isInitialized) i18next.addResourceBundle('en', namespace, texts)
  return { namespace, english: texts }
}
