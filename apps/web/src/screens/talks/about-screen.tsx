/**
 * Who can read a conversation, and of a group: who looks after it, who joins and who goes.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Button, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useParams } from 'wouter'
import { Starting } from '../../app/starting.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { useWords } from '../../words/use-words.ts'
import { GroupAbout } from './group-about.tsx'
import { Reader } from './reader.tsx'
import classes from './talk.module.css'
import { TalkName } from './talk-name.tsx'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { identity } = usePeer()
  const { name = '' } = useParams<{ readonly name: string }>()
  const talk = useLive('conversations.show', name)
  const group = useLive('groups.show', name.startsWith('g') ? name.slice(1) : '')
  if (talk.type === 'pending' || group.type === 'pending') return <Starting />
  const persons = talk.value?.persons ?? []
  return (
    <Stack>
      <ScreenHead title={t('aboutTitle')} />
      <Text fw={600} size="lg">
        <TalkName
          kind={group.value === null ? 'people' : 'group'}
          title={group.value?.name ?? null}
          persons={persons}
        />
      </Text>
      {group.value !== null ? (
        <GroupAbout group={group.value} />
      ) : (
        <>
          <Text c="var(--soft)">{t(persons.length === 0 ? 'aboutOneself' : 'aboutPeople')}</Text>
          <ul className={classes.plain}>
            {persons.map((person) => (
              <Reader key={person.identity} identity={person.identity}>
                <Button component={Link} href={`/p/${person.identity}`} variant="default" size="sm">
                  {t('toProfile')}
                </Button>
              </Reader>
            ))}
            <Reader identity={identity} note={t('self')} />
          </ul>
        </>
      )}
    </Stack>
  )
}
