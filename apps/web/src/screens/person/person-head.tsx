/**
 * Face, names, and what can be done with a person.
 *
 * @module
 */
import type { PersonView } from '@effigy/react'
import { Badge, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { PersonMarks } from '../../components/person/person-marks.tsx'
import { shownName } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './person.module.css'
import { PersonMenu } from './person-menu.tsx'
import { words } from './words.ts'

export interface PersonHeadProps {
  readonly person: PersonView
  /** What can be done with them, when it is something else than on their page. */
  readonly menu?: ReactNode
}

export function PersonHead({ person, menu = <PersonMenu person={person} /> }: PersonHeadProps): ReactNode {
  const t = useWords(words)
  const name = shownName(person, t('somebody'))
  const own = person.name.trim()
  return (
    <header className={classes.head}>
      <Avatar identity={person.identity} name={name} picture={person.avatar} size={88} />
      <div className={classes.names}>
        <Title order={1} size="h2">
          <bdi data-others>{name}</bdi>
          <PersonMarks person={person} />
        </Title>
        {person.petname !== null && (
          <Text c="var(--soft)">
            {own === '' ? (
              t('yourName')
            ) : (
              <Rich words={words} name="calls" parts={{ name: <bdi data-others>{own}</bdi> }} />
            )}
          </Text>
        )}
        <Group gap="xs" mt={4}>
          {person.isSelf && <Badge variant="light">{t('you')}</Badge>}
          {person.followsMe && <Badge variant="light">{t('followsYou')}</Badge>}
          {person.isMuted && (
            <Badge variant="light" color="gray">
              {t('muted')}
            </Badge>
          )}
          {person.isBlocked && (
            <Badge variant="light" color="red">
              {t('blocked')}
            </Badge>
          )}
        </Group>
      </div>
      {menu}
    </header>
  )
}
