/**
 * Files that a person keeps: a backup under a passphrase, everything as it is here, and what anybody can read.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Switch, Text } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { asTouch } from '../../app/idle-lock.ts'
import { ownIdentities } from '../../app/own-identities.ts'
import { useOwnProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { datedName, saveFile } from '../../components/save-file.ts'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { PassphraseTwice } from '../lock/passphrase-twice.tsx'
import { readableExport } from './readable/readable-export.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

interface Progress {
  readonly done: number
  readonly total: number
}

export function Copies(): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const profile = useOwnProfile()
  const isUnwritten = useLive('account.show').value?.phraseConfirmed === false
  const { act, cancel, isBusy, error } = useAct()
  const [isAsking, setAsking] = useState(false)
  const [passphrase, setPassphrase] = useState<string | null>(null)
  const [hasOthers, setOthers] = useState(false)
  const [progress, setProgress] = useState<Progress | null>(null)
  const [isSaved, setSaved] = useState(false)
  /** Entries that are known, and not here to be saved. */
  const [missing, setMissing] = useState(0)

  /** Whatever was typed is typed anew. */
  function ask(isAsked: boolean): void {
    setPassphrase(null)
    setAsking(isAsked)
  }

  function save(name: string, type: string, make: (signal: AbortSignal) => AsyncIterable<Uint8Array>): void {
    setSaved(false)
    setMissing(0)
    act(async (signal) => {
      try {
        setSaved(await saveFile(name, type, () => make(signal)))
      } finally {
        setProgress(null)
      }
    })
  }

  function backup(event: FormEvent): void {
    event.preventDefault()
    if (passphrase === null) return
    ask(false)
    const to = { passphrase }
    save(datedName('effigy-backup', 'age', Date.now()), 'application/octet-stream', (signal) =>
      peer.backup({
        to,
        others: hasOthers,
        files: hasOthers ? 'all' : 'own',
        signal,
        onProgress: asTouch((told) => {
          setProgress(told)
          setMissing(told.missingEntries)
        }),
      }),
    )
  }

  const copy = async (): Promise<void> => {
    if (!(await confirmAct({ title: t('copyTitle'), text: t('copyText'), act: t('copySave') }))) return
    save(datedName('effigy-copy', 'effigy', Date.now()), 'application/octet-stream', (signal) =>
      page.device.exportAll({ signal, onProgress: asTouch(setProgress) }),
    )
  }

  const readable = (): void => {
    save(datedName('effigy-notes', 'zip', Date.now()), 'application/zip', async function* (signal) {
      const identities = await ownIdentities(peer)
      yield* readableExport(peer, {
        identities,
        name: profile.name,
        signal,
        onProgress: asTouch(setProgress),
      })
    })
  }

  return (
    <Section title={t('files')} text={t('filesLead')}>
      {isAsking ? (
        <form onSubmit={backup}>
          <Stack>
            <PassphraseTwice
              label={t('backupPassphrase')}
              help={t('backupPassphraseHelp')}
              onChange={setPassphrase}
            />
            <Switch
              label={t('backupOthers')}
              checked={hasOthers}
              onChange={({ currentTarget }) => setOthers(currentTarget.checked)}
            />
            <Group>
              <Button type="submit" disabled={passphrase === null}>
                {t('backupSave')}
              </Button>
              <Button variant="default" onClick={() => ask(false)}>
                {t('cancel')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Group>
          <Button
            // No rescue, as long as nobody has the words.
            variant={isUnwritten ? 'default' : 'filled'}
            disabled={isBusy}
            onClick={() => ask(true)}
          >
            {t('backup')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={readable}>
            {t('readable')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={() => void copy()}>
            {t('copy')}
          </Button>
          <Button component={Link} href="/bring" variant="default">
            {t('bring')}
          </Button>
        </Group>
      )}
      <Text size="sm" c="var(--soft)">
        {t('filesNeed')}
      </Text>
      {isUnwritten && <Alert color="yellow" title={t('filesWordsFirst')} />}
      {isBusy && (
        <Working
          title={t('saving')}
          done={progress?.done ?? 0}
          total={progress?.total ?? null}
          {...(progress === null ? {} : { detail: formatBytes(progress.done) })}
          onCancel={cancel}
        />
      )}
      {isSaved && !isBusy && <Text role="status">{t('saved')}</Text>}
      {isSaved && !isBusy && missing > 0 && (
        <Alert color="yellow" title={t('backupMissing', { count: missing })}>
          {t('backupMissingText')}
        </Alert>
      )}
      {error !== null && <Fault error={error} />}
    </Section>
  )
}
