/**
 * The words of an account as they go to paper: whatever is on the screen meanwhile, nothing else is printed.
 *
 *     words are shown ─▶ this stands beside the app, unseen          print ─▶ this alone
 *
 * @module
 */
import { type ReactNode, useState } from 'react'
import { createPortal } from 'react-dom'
import { useOwnProfile } from '../../app/own-profile.ts'
import { formatDate } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'
import classes from './words-sheet.module.css'

export function WordsSheet({ phrase }: { readonly phrase: string }): ReactNode {
  const t = useWords(words)
  const { name, hubs } = useOwnProfile()
  const said = name.trim()
  const [now] = useState(Date.now)
  const hosts = hubs.map(([, url]) => new URL(url).host)
  // Whoever is with no hub finds the app again where it is now.
  const hub = hosts.length === 0 ? location.host : hosts.join(', ')
  return createPortal(
    <section className={classes.sheet}>
      <h1>{t('words')}</h1>
      <p>
        {t('sheetAccount')} <bdi>{said === '' ? t('nameless') : said}</bdi>
        <br />
        {t('sheetHub')} <bdi>{hub}</bdi>
        <br />
        {t('sheetDate')} <time dateTime={new Date(now).toISOString()}>{formatDate(now)}</time>
      </p>
      <ol className={classes.words} dir="ltr" translate="no">
        {phrase.split(' ').map((word, at) => (
          <li key={at}>{word}</li>
        ))}
      </ol>
      <p>{t('sheetRestore')}</p>
      <p>{t('sheetKeep')}</p>
    </section>,
    document.body,
  )
}

/** Some phones have no way to print. */
export const canPrint = (): boolean => typeof globalThis.print === 'function'
