/**
 * What this device keeps: how much, of whom, and giving room back.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { PeopleStorage, PersonStorage } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Alert, Button, Group, Progress, Skeleton, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { Link } from 'wouter'
import { usePage } from '../../app/page-context.ts'
import { Avatar } from '../../components/avatar.tsx'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault, useFail } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { Section } from '../../components/section.tsx'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './storage.module.css'
import { words } from './words.ts'

interface Room {
  readonly usedBytes: number | null
  readonly quotaBytes: number | null
  readonly isPersisted: boolean | null
}

interface Kept {
  readonly people: PeopleStorage
  readonly room: Room
}

/** People in the list; the sum has everybody. */
const maxShown = 100

export function Screen(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const page = usePage()
  const [kept, setKept] = useState<Kept | null>(null)
  const [error, setError] = useState<unknown>(null)

  const look = useCallback(async () => {
    const [people, room] = await Promise.all([peer.people.storage(maxShown), page.device.room()])
    setKept({ people, room })
  }, [peer, page])

  useEffect(() => {
    look().catch(setError)
  }, [look])

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
          <Whole kept={kept} changed={() => void look().catch(setError)} />
          <People people={kept.people} changed={() => void look().catch(setError)} />
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
  const page = usePage()
  const fail = useFail()
  const textBytes = people.entryBytes
  const { bytes, heldBytes } = people.files
  const spare = Math.max(0, bytes - heldBytes)
  const all = Math.max(1, textBytes + bytes)
  const parts = [
    { name: t('texts'), size: textBytes, color: 'clay.6' },
    { name: t('files'), size: heldBytes, color: 'teal.6' },
    { name: t('spare'), size: spare, color: 'gray.5' },
  ]

  async function persist(): Promise<void> {
    try {
      if (!(await page.persist())) notifications.show({ message: t('persistNo'), role: 'status' })
      changed()
    } catch (error) {
      fail(error)
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
        {room.quotaBytes !== null && ` ${t('quota', { size: formatBytes(room.quotaBytes) })}`}
      </Text>
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
            <One person={person} most={most} changed={changed} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function One({
  person,
  most,
  changed,
}: {
  readonly person: PersonStorage
  readonly most: number
  readonly changed: () => void
}): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [isBusy, setBusy] = useState(false)
  const { identity, isSelf, isFollowed, entries, entryBytes, fileBytes } = person
  const shown = usePerson(identity)
  const size = formatBytes(sizeOf(person))

  async function free(): Promise<void> {
    const isMeant = await confirmAct({
      title: t('freeTitle', { name: shown.name }),
      text: t('freeText', { size }),
      act: t('free'),
    })
    if (!isMeant) return
    setBusy(true)
    try {
      const devices: readonly Identity[] =
        (await peer.account.of(identity))?.devices.map((device) => device.identity) ?? []
      for (const each of new Set([identity, ...devices])) await peer.forget(each)
      changed()
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Avatar {...shown} size={40} />
      <Stack gap={4} miw={0} style={{ flexGrow: 1 }}>
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text fw={600} component="span" miw={0}>
            {isSelf ? (
              t('self')
            ) : (
              <Link href={`/p/${identity}`} className={classes.name}>
                <PersonName identity={identity} plain />
              </Link>
            )}
          </Text>
          <Text component="span" style={{ flexShrink: 0 }}>
            {size}
          </Text>
        </Group>
        <Progress value={(sizeOf(person) / most) * 100} aria-hidden="true" />
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="var(--soft)">
            {t('detail', { count: entries, texts: formatBytes(entryBytes), files: formatBytes(fileBytes) })}
          </Text>
          {!isSelf && !isFollowed && (
            <Button size="sm" variant="default" loading={isBusy} onClick={() => void free()}>
              {t('free')}
            </Button>
          )}
        </Group>
      </Stack>
    </>
  )
}

const sizeOf = ({ entryBytes, fileBytes }: PersonStorage): number => entryBytes + fileBytes
