/**
 * What is shown inside of a note that is written: put there from a note's menu, or left from before, and taken off again.
 *
 *     asked for ─resolve▶ a quote │ why not: said to some, taken back, not here
 *
 * @module
 */
import type { Attachment, ContentName } from '@effigy/core'
import { type Item, usePeer } from '@effigy/react'
import { ActionIcon, Alert } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { Quote } from '../note/quote.tsx'
import classes from './composer.module.css'
import { words } from './words.ts'

export type NoteQuote = Extract<Attachment, { readonly type: 'reference' }>

/** Why something cannot be quoted. */
export type Unquotable = 'quotePrivate' | 'quoteErased' | 'quoteGone'

export interface Quotes {
  readonly list: readonly NoteQuote[]
  /** It is not known yet whether what was asked for can be quoted. */
  readonly isPending: boolean
  readonly refused: Unquotable | null
  remove(quote: NoteQuote): void
  clear(): void
}

export const isQuote = (one: Attachment): one is NoteQuote => one.type === 'reference'

/** Null: it can be quoted, as far as the screen knows; the peer has the last word. */
export function whyUnquotable(item: Item | null): Unquotable | null {
  if (item === null) return 'quoteGone'
  switch (item.state.type) {
    case 'erased':
      return 'quoteErased'
    case 'shown':
      return item.state.payload.type === 'private_note' ? 'quotePrivate' : null
    case 'encrypted':
      return 'quotePrivate'
    case 'missing':
    case 'fault':
      return 'quoteGone'
  }
}

/** `asked` null: nothing new is quoted. Both are looked at once. */
export function useQuotes(asked: ContentName | null, before: readonly NoteQuote[]): Quotes {
  const peer = usePeer()
  const [list, setList] = useState(before)
  const [isPending, setPending] = useState(asked !== null)
  const [refused, setRefused] = useState<Unquotable | null>(null)
  const { identity = null, content = null } = asked ?? {}

  useEffect(() => {
    if (identity === null || content === null) return
    let isOver = false
    const found = (item: Item | null): void => {
      if (isOver) return
      setPending(false)
      const why = whyUnquotable(item)
      setRefused(why)
      if (item === null || why !== null) return
      setList([
        { type: 'reference', identity: item.identity, content: item.content, entry: item.cid, synod: null },
      ])
    }
    peer.query.resolve(identity, content).then(found, () => found(null))
    return () => {
      isOver = true
    }
  }, [peer, identity, content])

  return {
    list,
    isPending,
    refused,
    remove: (quote) => setList((all) => all.filter((one) => one !== quote)),
    clear: () => setList([]),
  }
}

export function QuoteList({ quotes }: { readonly quotes: Quotes }): ReactNode {
  const t = useWords(words)
  const { list, refused } = quotes
  return (
    <>
      {refused !== null && <Alert color="gray">{t(refused)}</Alert>}
      {list.length > 0 && (
        <ul className={classes.quotes} aria-label={t('quotes')}>
          {list.map((quote) => (
            <li key={`${quote.identity} ${quote.content}`} className={classes.quoted}>
              <Quote identity={quote.identity} content={quote.content} />
              <ActionIcon size={36} aria-label={t('removeQuote')} onClick={() => quotes.remove(quote)}>
                <IconX size={18} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
