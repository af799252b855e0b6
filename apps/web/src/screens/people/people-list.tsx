/**
 * A list of people, page by page.
 *
 * @module
 */
import { type PeopleKind, usePeople } from '@effigy/react'
import { Button, Center, Loader, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './people.module.css'
import { PersonRow } from './person-row.tsx'
import { words } from './words.ts'

export interface PeopleListProps {
  readonly which: PeopleKind
  readonly search: string
  readonly label: string
  /** Of a list without anybody and without a search. */
  readonly empty: ReactNode
}

export function PeopleList({ which, search, label, empty }: PeopleListProps): ReactNode {
  const t = useWords(words)
  const { type, items, error, hasMore, isLoadingMore, loadMore } = usePeople(which, { search })
  if (type === 'pending') {
    return (
      <Center py="xl">
        <Loader aria-label={t('loading')} />
      </Center>
    )
  }
  if (error !== null) return <Fault error={error} />
  if (items.length === 0) {
    return search === '' ? (
      empty
    ) : (
      <Text c="var(--soft)" ta="center" py="xl" role="status">
        {t('noneFound')}
      </Text>
    )
  }
  return (
    <>
      <ul className={classes.rows} aria-label={label}>
        {items.map((person) => (
          <li key={person.root ?? person.identity}>
            <PersonRow person={person} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <Center>
          <Button variant="default" onClick={loadMore} loading={isLoadingMore}>
            {t('more')}
          </Button>
        </Center>
      )}
    </>
  )
}
