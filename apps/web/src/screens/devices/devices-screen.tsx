/**
 * The devices of this person: which there are, one more, one less, and where everything is kept.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Button, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { LockHere } from '../lock/lock-here.tsx'
import { AddDevice } from './add-device.tsx'
import { DeviceCard } from './device-card.tsx'
import { FormerDevices } from './former-devices.tsx'
import { OwnWriting } from './own-writing.tsx'
import { Requests } from './requests.tsx'
import { ThisBrowser } from './this-browser.tsx'
import { WhereData } from './where-data.tsx'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { value: account } = useLive('account.show')
  const [isAdding, setAdding] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const members = account?.members ?? []
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <Title order={1}>{t('title')}</Title>
        <Text c="var(--soft)">{t('lead')}</Text>
      </Stack>
      <OwnWriting />
      <Requests />
      <FormerDevices />
      <Stack component="section" aria-label={t('title')} ref={list} tabIndex={-1}>
        {members.map((member) => (
          <DeviceCard
            key={member.identity}
            member={member}
            isMainHere={account?.role === 'main'}
            isHandingHere={account?.handingTo === member.identity}
          />
        ))}
        {isAdding ? (
          <AddDevice onClose={() => setAdding(false)} />
        ) : (
          <Button
            leftSection={<IconPlus size={20} />}
            variant={members.length > 1 ? 'default' : 'filled'}
            onClick={() => setAdding(true)}
          >
            {t('add')}
          </Button>
        )}
      </Stack>
      <WhereData />
      <LockHere key={`lock ${peer.identity}`} />
      <ThisBrowser key={peer.identity} toDevices={() => list.current?.focus()} />
    </Stack>
  )
}
