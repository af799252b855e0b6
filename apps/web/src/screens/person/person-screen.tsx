/**
 * Somebody's page: who they are to oneself, what to know of them, what to do, what they wrote.
 *
 *     /p/did:key:… ─▶ name, notices, follow, message │ about │ in common │ notes
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'
import { usePeer, usePerson } from '@effigy/react'
import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil, IconUserQuestion } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useParams } from 'wouter'
import { NotFound } from '../../app/not-found.tsx'
import { BackButton } from '../../components/back-button.tsx'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { RichText } from '../../components/rich-text.tsx'
import { useWords } from '../../words/use-words.ts'
import { EditProfile } from './edit-profile.tsx'
import { FollowBox } from './follow-box.tsx'
import { HubHint } from './hub-hint.tsx'
import { InCommon } from './in-common.tsx'
import classes from './person.module.css'
import { PersonHead } from './person-head.tsx'
import { PersonMore } from './person-more.tsx'
import { PersonNotes } from './person-notes.tsx'
import { PersonWarnings } from './person-warnings.tsx'
import { useVisit } from './use-visit.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const { identity: text = '' } = useParams<{ readonly identity: string }>()
  const identity = parseIdentity(text)
  if (identity === null) return <NotFound />
  return (
    <>
      <Group className={classes.back ?? ''}>
        <BackButton />
      </Group>
      <OnePerson key={identity} identity={identity} />
    </>
  )
}

function OnePerson({ identity }: { readonly identity: Identity }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { value: person, error } = usePerson(identity)
  const [tries, setTries] = useState(0)
  const isForeign = person !== null && !person.isSelf && !person.isFollowed && !person.isBlocked
  const visit = useVisit(identity, isForeign, tries)
  // Who is followed and was never looked at is known from now on, so that changes show.
  const isNew = person?.isFollowed === true && person.isKnown && person.before === null
  useEffect(() => {
    if (isNew) void peer.people.looked(identity).catch(() => {})
  }, [peer, identity, isNew])

  if (error !== null) return <Fault error={error} />
  if (person === null) {
    return (
      <Center py="xl">
        <Loader aria-label={t('loading')} />
      </Center>
    )
  }
  const isEmpty = !person.isKnown && visit !== null
  return (
    <Stack gap="md">
      <PersonHead person={person} />
      <PersonWarnings person={person} />
      {person.isSelf && <OwnPage identity={person.identity} />}
      {!person.isSelf && !person.isBlocked && (
        <FollowBox person={person} visit={visit} again={() => setTries(tries + 1)} />
      )}
      {!person.isBlocked && <HubHint person={person} />}
      {person.about !== '' && !person.isBlocked && <RichText text={person.about} />}
      {!person.isSelf && !person.isBlocked && <InCommon identity={person.identity} />}
      <PersonMore person={person} />
      {isEmpty && visit.type !== 'looking' && (
        <Empty icon={IconUserQuestion} title={t('unknownTitle')} text={t('unknown')}>
          <Button onClick={() => setTries(tries + 1)}>{t('lookAgain')}</Button>
        </Empty>
      )}
      {isEmpty && visit.type === 'looking' && (
        <Text c="var(--soft)" ta="center" role="status">
          {t('looking')}
        </Text>
      )}
      {!person.isBlocked && <PersonNotes person={person} />}
    </Stack>
  )
}

function OwnPage({ identity }: { readonly identity: Identity }): ReactNode {
  const t = useWords(words)
  const [isOpen, editing] = useDisclosure(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPencil size={20} />}
        onClick={editing.open}
        style={{ alignSelf: 'start' }}
      >
        {t('edit')}
      </Button>
      {isOpen && <EditProfile identity={identity} close={editing.close} />}
    </>
  )
}
