/**
 * What a note says: its text and what hangs on it, behind its warning, or behind a word that this person muted.
 *
 * @module
 */
import type { ContentName, Payload } from '@effigy/core'
import type { Item } from '@effigy/react'
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { Attachments, attachmentsOf } from './attachments.tsx'
import { Hidden } from './hidden.tsx'
import classes from './note.module.css'
import { NoteText } from './note-text.tsx'
import { useMutedWord } from './use-muted-word.ts'
import { warningOf } from './warning-of.ts'
import { words } from './words.ts'

export interface NoteBodyProps {
  readonly item: Item
  /** What was searched for. */
  readonly marks?: string
  /** What shows something that is quoted in it; omitted: it is quoted itself. */
  readonly quote?: (name: ContentName) => ReactNode
  /** Of what is looked at by itself, or is one's own, nothing is hidden for a word in it. */
  readonly isWanted?: boolean
}

const absent = { missing: 'missing', erased: 'gone', encrypted: 'sealed', fault: 'broken' } as const

export function NoteBody({ item, marks, quote, isWanted = false }: NoteBodyProps): ReactNode {
  const t = useWords(words)
  const muted = useMutedWord(item)
  const { state } = item
  if (state.type !== 'shown') {
    return (
      <Text c="var(--soft)" fs="italic">
        {t(absent[state.type])}
      </Text>
    )
  }
  const { payload } = state
  const said = (
    <Said item={item} payload={payload} {...(marks === undefined ? {} : { marks })} quote={quote ?? null} />
  )
  const warned = warningOf(payload)
  const behindWarning =
    warned === null ? said : <Hidden text={<bdi data-others>{warned}</bdi>}>{said}</Hidden>
  if (muted === null || isWanted) return behindWarning
  return <Hidden text={t('mutedWord', { word: muted })}>{behindWarning}</Hidden>
}

interface SaidProps {
  readonly item: Item
  readonly payload: Payload
  readonly marks?: string
  readonly quote: ((name: ContentName) => ReactNode) | null
}

function Said({ item, payload, marks, quote }: SaidProps): ReactNode {
  const { text, mentions } = textOf(payload)
  return (
    <>
      {text !== '' && (
        <div className={quote === null ? classes.quoted : undefined}>
          <NoteText
            text={text}
            {...(mentions === undefined ? {} : { mentions })}
            {...(marks === undefined ? {} : { marks })}
          />
        </div>
      )}
      <Attachments within={item} attachments={attachmentsOf(payload)} quote={quote} />
    </>
  )
}

function textOf(payload: Payload): Pick<Extract<Payload, { type: 'public_note' }>, 'text' | 'mentions'> {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
      return payload
    case 'image':
      // Of a picture that is a note by itself, its description is what is said.
      return { text: payload.alt }
    default:
      return { text: '' }
  }
}
