/**
 * The inbox of strangers: first messages alone, who may write at all, and who was ignored.
 *
 * @module
 */
import type { LiveReads } from '@effigy/peer'
import { useLive, usePeer, useRequests } from '@effigy/react'
import { Button, Divider, Group, Radio, Stack, Text, Title } from '@mantine/core'
import { IconMailQuestion } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Fault, useFail } from '../../components/fault.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { useWords } from '../../words/use-words.ts'
import { RequestCard } from './request-card.tsx'
import { Face } from './talk-face.tsx'
import classes from './talks.module.css'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { type, value: requests, error } = useRequests()
  return (
    <Stack>
      <ScreenHead title={t('requestsTitle')} />
      <Text c="var(--soft)">{t('requestsHelp')}</Text>
      {error !== null && <Fault error={error} />}
      {type === 'ready' && requests.length === 0 && (
        <Empty icon={IconMailQuestion} title={t('noRequestsTitle')} text={t('noRequests')}>
          <Button component={Link} href="/talks" variant="default">
            {t('toMessages')}
          </Button>
        </Empty>
      )}
      {requests?.map((request) => (
        <RequestCard key={`${request.name} ${request.from.identity}`} request={request} />
      ))}
      <Divider />
      <WhoMayWrite />
      <Ignored />
    </Stack>
  )
}

type Who = ReturnType<LiveReads['conversations.whoMayWrite']>

function WhoMayWrite(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const { value } = useLive('conversations.whoMayWrite')
  return (
    <Radio.Group
      label={t('whoTitle')}
      description={t('whoHelp')}
      value={value}
      onChange={(who) => void peer.conversations.setWhoMayWrite(who as Who).catch(fail)}
    >
      <Stack gap="sm" mt="sm">
        <Radio value="anyone" label={t('whoAnyone')} size="md" />
        <Radio value="friends-of-friends" label={t('whoFriends')} size="md" />
        <Radio value="followed" label={t('whoFollowed')} size="md" />
      </Stack>
    </Radio.Group>
  )
}

function Ignored(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const { value: ignored } = useLive('conversations.ignored')
  if (ignored === null || ignored.length === 0) return null
  return (
    <section aria-label={t('ignoredTitle')}>
      <Title order={2} size="h4" mb="xs">
        {t('ignoredTitle')}
      </Title>
      <ul className={classes.list}>
        {ignored.map(({ identity }) => (
          <li key={identity}>
            <Group justify="space-between" wrap="nowrap" py={6}>
              <Group gap="sm" wrap="nowrap">
                <Face identity={identity} size={36} />
                <PersonName identity={identity} />
              </Group>
              <Button
                variant="default"
                size="sm"
                style={{ flexShrink: 0 }}
                onClick={() => void peer.conversations.hear(identity).catch(fail)}
              >
                {t('hear')}
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </section>
  )
}
