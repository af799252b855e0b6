/**
 * What a person has to know on every screen about their account: the words are on no paper yet, a friend
 * needs help, and what happened to it elsewhere.
 *
 * @module
 */
import { useLive } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import {
  IconArrowsSplit,
  IconLifebuoy,
  IconNotes,
  IconPencilPause,
  IconShieldQuestion,
} from '@tabler/icons-react'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useWords } from '../../words/use-words.ts'
import { late } from '../late.tsx'
import { useOwn } from '../own-identities.ts'
import { useOwnWriting } from '../own-writing.ts'
import { AccountNews } from './account-news.tsx'
import { words } from './words.ts'
import { isDue, keepReminder, putOff, readReminder, usedAt } from './words-reminder.ts'

const PartsGiven = late(async () => (await import('./parts-given.tsx')).PartsGiven)

export function AccountNotices(): ReactNode {
  const account = useLive('account.show').value
  const [place] = useLocation()
  // There it says the same itself.
  const isThere = place === '/account'
  return (
    <>
      {account?.disputed === true && <Disputed />}
      {account?.phraseConfirmed === false && !isThere && <WordsReminder />}
      {!isThere && <Parts />}
      <AccountNews />
      {place !== '/devices' && place !== '/network' && <WritingNotice />}
    </>
  )
}

/** As long as it lasts: a device of it may write nothing, or what counts for nobody, and only a person ends that. */
function Disputed(): ReactNode {
  const t = useWords(words)
  return (
    <Alert radius={0} color="yellow" icon={<IconShieldQuestion />} title={t('disputedTitle')}>
      <Stack gap="xs" align="start">
        <Text size="sm">{t('disputedText')}</Text>
        <Button component={Link} href="/account" size="compact-sm">
          {t('partGo')}
        </Button>
      </Stack>
    </Alert>
  )
}

function WordsReminder(): ReactNode {
  const t = useWords(words)
  const own = useOwn()
  const notes = useLive('countAbove', 0, { identities: [...own], comments: true }).value ?? 0
  const [kept, setKept] = useState(() => usedAt(readReminder(), Date.now()))
  useEffect(() => keepReminder(kept), [kept])
  if (!isDue(kept, notes, Date.now())) return null
  return (
    <Alert radius={0} color="gray" icon={<IconNotes />} title={t('wordsTitle')}>
      <Stack gap="xs">
        <Text size="sm">{t('wordsText')}</Text>
        <Group>
          <Button component={Link} href="/account" size="compact-sm">
            {t('wordsNow')}
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => setKept(putOff(kept, Date.now()))}>
            {t('later')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

function Parts(): ReactNode {
  const t = useWords(words)
  const { requests = [], held = [] } = useLive('recovery.show').value ?? {}
  return (
    <>
      {requests.map(({ id, name }) => (
        <Alert key={id} radius={0} color="yellow" icon={<IconLifebuoy />} title={t('partTitle', { name })}>
          <Stack gap="xs" align="start">
            <Text size="sm">{t('partText')}</Text>
            <Button component={Link} href="/account" size="compact-sm">
              {t('partGo')}
            </Button>
          </Stack>
        </Alert>
      ))}
      {held.length > 0 && (
        <Suspense>
          <PartsGiven held={held} />
        </Suspense>
      )}
    </>
  )
}

/** On those two screens more is said of it. */
function WritingNotice(): ReactNode {
  const t = useWords(words)
  const own = useOwnWriting()
  if (own === null) return null
  const isDisputed = own.type === 'disputed'
  return (
    <Alert
      radius={0}
      color="yellow"
      icon={isDisputed ? <IconArrowsSplit /> : <IconPencilPause />}
      title={t(isDisputed ? 'versionsTitle' : 'heldTitle')}
    >
      <Stack gap="xs" align="start">
        <Text size="sm">{t(isDisputed ? 'versionsText' : 'heldText')}</Text>
        <Button component={Link} href="/devices" size="compact-sm">
          {t('seeDevices')}
        </Button>
      </Stack>
    </Alert>
  )
}
