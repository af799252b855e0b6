/**
 * What a person sees who opens a one-time link in a browser. It has no script, so the link is not used up by looking.
 *
 * @module
 */
import { type Answer, page } from '../http/answer.ts'
import type { Asked } from '../http/asked.ts'
import { chooseLanguage } from '../page/language.ts'
import { messagePage } from '../page/page.ts'
import { languages, strings } from '../page/strings.ts'

export function linkPage(name: string, { headers }: Asked): Answer {
  const language = chooseLanguage(headers['accept-language'], languages)
  const { adminTitle, adminText } = strings[language]
  return page(200, language, messagePage(language, name, adminTitle, adminText))
}
