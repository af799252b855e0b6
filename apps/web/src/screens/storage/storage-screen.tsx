/**
 * What this device keeps: how much, of whom, and giving room back.
 *
 * @module
 */
import type { PeopleStorage } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Alert, Button, Group, Progress, Skeleton, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { usePage } from '../../app/page-context.ts'
import { Fault, useFail } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { PersonRoom, sizeOf } from './person-room.tsx'
import classes from './storage.module.css'
import { type Kept, useKept } from './use-kept.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { kept, error, look } = useKept()
  return (
    <Stack>
      <Stack gap={2}>
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text c="var(--soft)">{t('intro')}</Text>
      </Stack>
      {error !== null && <Fault error={error} />}
      {kept === null && error === null && <Skeleton h={240} radius="md" />}
      {kept !== null && (
        <>
          <Whole kept={kept} changed={() => void look()} />
          <People people={kept.people} changed={() => void look()} />
        </>
      )}
    </Stack>
  )
}

function Whole({
  kept: { people, room },
  changed,
}: {
  readonly kept: Kept
  readonly changed: () => void
}): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const page = usePage()
  const fail = useFail()
  const [isFreeing, setFreeing] = useState(false)
  const textBytes = people.entryBytes
  const { bytes, heldBytes } = people.files
  const spare = Math.max(0, bytes - heldBytes)
  const all = Math.max(1, textBytes + bytes)
  const parts = [
    { name: t('texts'), size: textBytes, color: 'clay.6' },
    { name: t('files'), size: heldBytes, color: 'teal.6' },
    { name: t('spare'), size: spare, color: 'gray.5' },
  ]

  function quotaText(quotaBytes: number, usedBytes: number | null): string {
    const size = formatBytes(quotaBytes)
    const left = formatBytes(Math.max(0, quotaBytes - (usedBytes ?? 0)))
    return left === size ? t('quota', { size }) : t('quotaLeft', { size, left })
  }

  async function persist(): Promise<void> {
    try {
      if (!(await page.persist())) notifications.show({ message: t('persistNo'), role: 'status' })
      changed()
    } catch (error) {
      fail(error)
    }
  }

  async function freeSpare(): Promise<void> {
    setFreeing(true)
    try {
      const freed = await peer.people.freeUnheld()
      notifications.show({ message: t('freed', { size: formatBytes(freed) }), role: 'status' })
      changed()
    } catch (error) {
      fail(error)
    } finally {
      setFreeing(false)
    }
  }

  return (
    <Section title={t('wholeTitle', { size: formatBytes(textBytes + bytes) })}>
      <Progress.Root size="xl" aria-hidden="true">
        {parts.map(({ name, size, color }) => (
          <Progress.Section key={name} value={(size / all) * 100} color={color} />
        ))}
      </Progress.Root>
      <Stack gap={4}>
        {parts.map(({ name, size, color }) => (
          <Group key={name} justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <Progress value={100} color={color} w={14} size="lg" aria-hidden="true" />
              <Text size="sm">{name}</Text>
            </Group>
            <Text size="sm">{formatBytes(size)}</Text>
          </Group>
        ))}
      </Stack>
      <Text size="sm" c="var(--soft)">
        {t('spareText')}
        {room.quotaBytes !== null && ` ${quotaText(room.quotaBytes, room.usedBytes)}`}
      </Text>
      {spare > 0 && (
        <Group>
          <Button size="sm" variant="default" loading={isFreeing} onClick={() => void freeSpare()}>
            {t('freeSpare')}
          </Button>
        </Group>
      )}
      {room.isPersisted === true ? (
        <Alert color="teal" icon={<IconLock />} title={t('persisted')} />
      ) : (
        <Alert color="yellow" icon={<IconLockOpen />} title={t('notPersisted')}>
          <Stack gap="sm" align="start">
            <Text size="sm">{t('notPersistedText')}</Text>
            <Button size="sm" variant="default" onClick={() => void persist()}>
              {t('persist')}
            </Button>
          </Stack>
        </Alert>
      )}
    </Section>
  )
}

function People({
  people,
  changed,
}: {
  readonly people: PeopleStorage
  readonly changed: () => void
}): ReactNode {
  const t = useWords(words)
  const most = Math.max(1, ...people.people.map(sizeOf))
  return (
    <Section title={t('peopleTitle')} text={t('peopleText')}>
      <ul className={classes.list}>
        {people.people.map((person) => (
          <li key={person.identity} className={classes.row}>
            <PersonRoom person={person} most={most} changed={changed} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
