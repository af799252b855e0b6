/**
 * What was found among the posts, and where nothing is: whether there is more to look through.
 *
 * @module
 */
import { type Item, useSearch, useSync } from '@effigy/react'
import { Button, Group, Loader, Text } from '@mantine/core'
import { IconSearch, IconZoomExclamation } from '@tabler/icons-react'
import { type ReactNode, useCallback } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { ItemList } from '../../components/list/item-list.tsx'
import { Waiting } from '../../components/list/waiting.tsx'
import { NoteCard } from '../../components/note-card.tsx'
import { useWords } from '../../words/use-words.ts'
import { useLookOn } from './use-look-on.ts'
import { words } from './words.ts'

export interface FoundProps {
  /** As the index takes it. */
  readonly query: string
  /** `Item.sort`, ms; null: any time. */
  readonly since: number | null
  /** Under which one's place is kept. */
  readonly name: string
  readonly anyTime: () => void
}

const keyOf = (item: Item): string => item.cid

export function Found({ query, since, name, anyTime }: FoundProps): ReactNode {
  const t = useWords(words)
  const list = useSearch(query, { pageSize: 50, ...(since === null ? {} : { since }) })
  const behind = useSync().value?.unsearchable ?? 0
  const row = useCallback((item: Item) => <NoteCard item={item} marks={query} />, [query])
  const { items, error } = list
  const notes = items.filter(isSaid)
  const { verdict, goOn } = useLookOn(list, notes.length, behind)
  return (
    <>
      {behind > 0 && (
        <Text size="sm" c="var(--soft)" role="status">
          {t('behind', { count: behind })}
        </Text>
      )}
      {error !== null && <Fault error={error} />}
      {verdict === 'waiting' && <Waiting />}
      {verdict === 'looking' && (
        <Group justify="center" py="xl" role="status">
          <Loader size="sm" aria-hidden />
          <Text c="var(--soft)">{t('looking')}</Text>
        </Group>
      )}
      {verdict === 'paused' && (
        <Empty icon={IconSearch} title={t('soFarTitle')} text={t('soFar')}>
          <Button variant="default" onClick={goOn}>
            {t('lookOn')}
          </Button>
        </Empty>
      )}
      {(verdict === 'unread' || verdict === 'nothing') && (
        <Empty
          icon={IconZoomExclamation}
          title={t(verdict === 'unread' ? 'soFarTitle' : 'nothingTitle')}
          text={t('nothing')}
        >
          {since === null ? (
            <Button component={Link} href="/people" variant="default">
              {t('findPeople')}
            </Button>
          ) : (
            <Button variant="default" onClick={anyTime}>
              {t('lookAnyTime')}
            </Button>
          )}
        </Empty>
      )}
      {notes.length > 0 && (
        <section aria-label={t('posts')}>
          <ItemList list={{ ...list, items: notes }} keyOf={keyOf} row={row} name={name} />
        </section>
      )}
    </>
  )
}

const said: ReadonlySet<string> = new Set(['public_note', 'comment', 'image', 'media', 'collection'])

/** Names of people, and what was said to some, have places of their own. */
function isSaid({ state }: Item): boolean {
  return state.type === 'shown' && said.has(state.payload.type)
}
