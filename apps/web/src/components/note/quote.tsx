/**
 * Something that somebody else said, inside of what is said about it.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import { useLive } from '@effigy/react'
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useWords } from '../../words/use-words.ts'
import { PersonName } from '../person-name.tsx'
import { TimeAgo } from '../time-ago.tsx'
import { NoteBody } from './body.tsx'
import classes from './note.module.css'
import { notePath } from './paths.ts'
import { words } from './words.ts'

export interface QuoteProps {
  readonly identity: Identity
  readonly content: RawCid
}

export function Quote({ identity, content }: QuoteProps): ReactNode {
  const t = useWords(words)
  const { type, value: item } = useLive('resolve', identity, content)
  if (type === 'pending') return <div className={classes.quote}>…</div>
  if (item === null) {
    return (
      <Text className={classes.quote ?? ''} size="sm" c="var(--soft)">
        {t('quoteGone')}
      </Text>
    )
  }
  return (
    <blockquote className={classes.quote} style={{ margin: 0 }}>
      <Text size="sm" c="var(--soft)">
        <Text span fw={600} c="var(--mantine-color-text)">
          <PersonName identity={item.identity} />
        </Text>{' '}
        <Link href={notePath(item)} className={classes.soft}>
          <TimeAgo at={item.sort} />
        </Link>
      </Text>
      <NoteBody item={item} />
    </blockquote>
  )
}
