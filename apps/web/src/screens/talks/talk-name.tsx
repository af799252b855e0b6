/**
 * What a conversation is called: the name of its group, or of the people in it.
 *
 * @module
 */
import type { Account } from '@effigy/core'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { PeopleList } from './people-list.tsx'
import { words } from './words.ts'

export interface TalkNameProps {
  readonly kind: 'people' | 'group'
  readonly title: string | null
  readonly persons: readonly Account[]
}

export function TalkName({ kind, title, persons }: TalkNameProps): ReactNode {
  const t = useWords(words)
  if (kind === 'group') return <bdi data-others>{title ?? t('unknownGroup')}</bdi>
  return persons.length === 0 ? t('oneself') : <PeopleList people={persons} />
}
