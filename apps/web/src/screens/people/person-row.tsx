/**
 * One person in a list: face, names, and what to know of them; leads to their page.
 *
 * @module
 */
import type { PersonName as Known } from '@effigy/react'
import { Text } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import { Link } from 'wouter'
import { Avatar } from '../../components/avatar.tsx'
import { PersonMarks } from '../../components/person/person-marks.tsx'
import { shownName } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './people.module.css'
import { words } from './words.ts'

export interface PersonRowProps {
  readonly person: Known
  /** Below the name. */
  readonly note?: string
}

export const PersonRow = memo(function PersonRow({ person, note }: PersonRowProps): ReactNode {
  const t = useWords(words)
  const name = shownName(person, t('somebody'))
  const own = person.name.trim()
  return (
    <Link href={`/p/${person.identity}`} className={classes.row ?? ''}>
      <Avatar identity={person.identity} name={name} picture={person.avatar} size={48} />
      <span className={classes.names}>
        <Text span fw={600} truncate>
          <bdi data-others>{name}</bdi>
          <PersonMarks person={person} />
        </Text>
        {note !== undefined && (
          <Text span size="sm" c="var(--soft)">
            {note}
          </Text>
        )}
        {person.petname !== null && own !== '' && own !== person.petname && (
          <Text span size="sm" c="var(--soft)" truncate>
            <Rich words={words} name="calls" parts={{ name: <bdi data-others>{own}</bdi> }} />
          </Text>
        )}
      </span>
      <IconChevronRight className={classes.chevron ?? ''} aria-hidden />
    </Link>
  )
})
