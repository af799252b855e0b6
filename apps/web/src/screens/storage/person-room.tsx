/**
 * What is here of one person, and giving some of it back.
 *
 *     not followed ─▶ all of it goes        followed ─▶ older files go ─▶ come when they are looked at, or all again
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { PersonStorage } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { Avatar } from '../../components/avatar.tsx'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { useTellUndo } from '../../components/undo-message.tsx'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './storage.module.css'
import { words } from './words.ts'

export interface PersonRoomProps {
  readonly person: PersonStorage
  /** Bytes of whoever takes most. */
  readonly most: number
  readonly changed: () => void
}

/** Notes with pictures or files of which these stay: some weeks of somebody who shows much. */
const newest = 30

/** Bytes of files; of less nobody feels that it is gone. */
const worthFreeing = 1_000_000

export function PersonRoom({ person, most, changed }: PersonRoomProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  const [isBusy, setBusy] = useState(false)
  const { identity, isSelf, isFollowed, entries, entryBytes, fileBytes, isLetGo } = person
  const shown = usePerson(identity)
  const size = formatBytes(sizeOf(person))

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    try {
      await work()
      changed()
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  async function free(): Promise<void> {
    const isMeant = await confirmAct({
      title: t('freeTitle', { name: shown.name }),
      text: t('freeText', { size }),
      act: t('free'),
    })
    if (!isMeant) return
    const devices: readonly Identity[] =
      (await peer.account.of(identity))?.devices.map((device) => device.identity) ?? []
    for (const each of new Set([identity, ...devices])) await peer.forget(each)
  }

  async function thin(): Promise<void> {
    const { notes, bytes } = await peer.people.olderFiles(identity, newest)
    const stays = formatNumber(newest)
    if (bytes === 0) {
      notifications.show({ message: t('thinNone', { newest: stays }), role: 'status' })
      return
    }
    const isMeant = await confirmAct({
      title: t('thinTitle', { name: shown.name }),
      text: t('thinText', { count: notes, size: formatBytes(bytes), newest: stays }),
      act: t('thin'),
    })
    if (!isMeant) return
    const gone = await peer.people.letGoOlder(identity, newest)
    tellUndo(t('thinned', { size: formatBytes(gone.bytes) }), () => void run(fetchAgain))
  }

  async function fetchAgain(): Promise<void> {
    await peer.people.wantOlder(identity)
    notifications.show({ message: t('fetching'), role: 'status' })
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
        <Text size="sm" c="var(--soft)">
          {t('detail', { count: entries, texts: formatBytes(entryBytes), files: formatBytes(fileBytes) })}
        </Text>
        {isFollowed && isLetGo && (
          <Text size="sm" c="var(--soft)">
            {t('letGo')}
          </Text>
        )}
        {!isSelf && (
          <Group gap="xs" justify="flex-end">
            {isFollowed && isLetGo && (
              <Button size="sm" variant="default" disabled={isBusy} onClick={() => void run(fetchAgain)}>
                {t('back')}
              </Button>
            )}
            {isFollowed && fileBytes >= worthFreeing && (
              <Button size="sm" variant="default" loading={isBusy} onClick={() => void run(thin)}>
                {t('thin')}
              </Button>
            )}
            {!isFollowed && (
              <Button size="sm" variant="default" loading={isBusy} onClick={() => void run(free)}>
                {t('free')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </>
  )
}

export const sizeOf = ({ entryBytes, fileBytes }: PersonStorage): number => entryBytes + fileBytes
