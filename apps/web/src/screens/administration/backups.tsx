/**
 * Backups in the hub's own folder: made here, taken away by whoever is at its machine.
 *
 * @module
 */
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { formatBytes, formatDateTime } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import { Entries, Entry, Section } from './entry.tsx'
import { SessionContext, useAct, useAsked, useAskedList } from './use-hub.ts'
import { words } from './words.ts'

interface BackupRow {
  readonly file: string
  readonly bytes: number
  /** Ms. */
  readonly at: number
}

interface BackupState {
  readonly running: string | null
  /** A code; null: the last one is whole, or there was none. */
  readonly failure: string | null
}

const everyMs = 2_000

const kinds = {
  Full: ['ENOSPC', 'EDQUOT', 'storage-full'],
  Denied: ['EACCES', 'EPERM', 'EROFS'],
  Medium: ['EIO', 'storage-failed', 'storage-damaged'],
  Closed: ['closed'],
  Changed: ['backup-changed', 'backup-exists'],
} as const

/** What can be done about it, by the code of the system, of the hub's store, or of the hub. */
function kindOf(code: string): keyof typeof kinds | 'Other' {
  const found = Object.entries(kinds).find(([, codes]) => codes.some((known) => known === code))
  return (found?.[0] as keyof typeof kinds | undefined) ?? 'Other'
}

export function Backups(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const { acted } = useContext(SessionContext)
  const { value } = useAsked<BackupState>('backups show', {}, everyMs)
  const asked = useAskedList<BackupRow>('backups list')
  const running = value?.running ?? null
  const before = useRef<string | null>(null)
  useEffect(() => {
    // It is whole now: the list has it.
    if (before.current !== null && running === null) acted()
    before.current = running
  }, [running, acted])

  async function remove({ file }: BackupRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('backupRemoveTitle'),
      text: t('backupRemoveText', { file }),
      act: t('backupRemove'),
    })
    if (isMeant) await act('backups remove', { file })
  }

  return (
    <Stack>
      <Section title={t('tabBackups')} text={t('backupText')}>
        {running !== null && (
          <Group role="status">
            <Loader size="sm" aria-hidden />
            <Text>{t('backupRunning')}</Text>
          </Group>
        )}
        {value?.failure != null && (
          <Alert color="red" role="alert">
            <Stack gap={4}>
              {t(`backupFailed${kindOf(value.failure)}`)}
              <Text size="xs">
                <bdi dir="ltr">{value.failure}</bdi>
              </Text>
            </Stack>
          </Alert>
        )}
        <Group>
          <Button disabled={running !== null} onClick={() => void act('backups start')}>
            {t('backupStart')}
          </Button>
        </Group>
      </Section>
      <Entries
        asked={asked}
        keyOf={({ file }) => file}
        nothing={t('noBackups')}
        show={(row) => (
          <Entry
            title={<bdi dir="ltr">{row.file}</bdi>}
            about={[
              formatBytes(row.bytes),
              <time key="at" dateTime={new Date(row.at).toISOString()}>
                {formatDateTime(row.at)}
              </time>,
            ]}
          >
            <Button variant="default" size="sm" onClick={() => void remove(row)}>
              {t('backupRemove')}
            </Button>
          </Entry>
        )}
      />
    </Stack>
  )
}
