/**
 * The texts of one part, in the language of now.
 *
 * @module
 */
import { useTranslation } from 'react-i18next'
import type { KeyOf, Texts, Words } from './define.ts'

export type Values = Readonly<Record<string, string | number>>

export type Say<English extends Texts> = (key: KeyOf<English>, values?: Values) => string

/** Suspends only where texts of another language than English could not be had so far. */
export function useWords<English extends Texts>({ namespace }: Words<English>): Say<English> {
  return useTranslation(namespace).t as unknown as Say<English>
}
