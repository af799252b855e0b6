/**
 * From a file: a backup of the account (its passphrase opens it, the words then take the account), or a copy of everything
 * that a browser held.
 *
 *     file ─how it begins▶ backup ─▶ this device ─▶ words        copy ─▶ this browser, while it is empty ─▶ words
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { usePagePeer } from '@effigy/react'
import { Alert, Button, FileButton, PasswordInput, Stack, Text } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import { asTouch } from '../../app/idle-lock.ts'
import { usePage } from '../../app/page-context.ts'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { goRestoring, pendingFile } from './choice.ts'
import { isSomebody } from './is-somebody.ts'
import { hubsOf } from './meet.ts'
import { words } from './words.ts'

export interface FromFileProps {
  /** What an authentic backup names. */
  readonly onHubs: (hubs: readonly Hub[]) => void
}

type Kind = 'backup' | 'copy' | 'archive'

interface Progress {
  readonly done: number
  readonly total: number
}

export function FromFile({ onHubs }: FromFileProps): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const state = usePagePeer(page)
  const { isBusy, error, act, cancel } = useAct()
  const [file, setFile] = useState<File | null>(pendingFile)
  const [kind, setKind] = useState<Kind | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [fault, setFault] = useState<unknown>(null)
  const [progress, setProgress] = useState<Progress | null>(null)
  /** Feeds of the file that could not be taken. */
  const [lost, setLost] = useState(0)

  function choose(chosen: File | null): void {
    if (chosen === null) return
    setFile(chosen)
    setFault(null)
    setLost(0)
    act(async () => {
      const found = await kindOf(chosen)
      setKind(found)
      // Before there are keys: nothing of before is in this browser then.
      if (found !== 'copy') {
        goRestoring('file', chosen)
        await page.device.create()
      }
    })
  }

  // One that the system opened with the app: nobody chose it here.
  const isLaunched = file !== null && kind === null && state.type === 'new'
  const chooseLaunched = useEffectEvent(() => choose(file))
  useEffect(() => {
    if (isLaunched) chooseLaunched()
  }, [isLaunched])

  function read(event: FormEvent): void {
    event.preventDefault()
    if (file === null) return
    setFault(null)
    setLost(0)
    act(async (signal) => {
      const onProgress = asTouch(setProgress)
      try {
        const what = kind ?? (await kindOf(file))
        if (what === 'copy') {
          // Keys without an account and without a word written are no loss, and a copy is to go on as nobody's.
          if (state.type === 'open') {
            // In another tab somebody may have begun meanwhile.
            if (await isSomebody(await page.ready(signal))) return setFault({ code: 'store-not-empty' })
            await page.device.wipe()
          }
          const taken = await page.device.importAll(file, { signal, onProgress })
          if (!taken.ok) return setFault(taken.error)
          goRestoring('words')
          await page.device.create()
          return
        }
        const peer = await page.ready(signal)
        const key = what === 'archive' ? null : { passphrase }
        const taken = await peer.takeBackup(file, { key, signal, onProgress })
        if (!taken.ok) return setFault(taken.error)
        if (taken.value.isAuthentic) onHubs(hubsOf(taken.value.account?.hubs ?? []))
        // Whoever goes on knows that not all came: another copy of the file may have the rest.
        setLost(taken.value.failed.length)
        if (taken.value.failed.length === 0) goRestoring('words')
      } finally {
        setProgress(null)
      }
    })
  }

  const wrong = error ?? fault
  return (
    <form onSubmit={read}>
      <Stack>
        <Text>{t('fileLead')}</Text>
        <FileButton onChange={choose}>
          {(props) => (
            <Button {...props} variant="default" disabled={isBusy}>
              {t(file === null ? 'chooseFile' : 'otherFile')}
            </Button>
          )}
        </FileButton>
        {file !== null && (
          <Text>
            <bdi>{file.name}</bdi>
          </Text>
        )}
        {file !== null && kind !== 'copy' && kind !== 'archive' && (
          <PasswordInput
            label={t('filePassphrase')}
            description={t('filePassphraseHelp')}
            value={passphrase}
            onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
            // While keys are made this screen is built anew: what was typed by then would be gone.
            disabled={isBusy || state.type !== 'open'}
            autoComplete="off"
          />
        )}
        {kind === 'copy' && <Alert color="yellow" title={t('copyOwn')} />}
        {wrong !== null && <Fault error={wrong} />}
        {lost > 0 && (
          <Alert color="yellow" title={t('lost', { count: lost })}>
            <Stack align="start">
              {t('lostText')}
              <Button variant="default" onClick={() => goRestoring('words')}>
                {t('lostOn')}
              </Button>
            </Stack>
          </Alert>
        )}
        {progress !== null && <Working title={t('reading')} {...progress} onCancel={cancel} />}
        <Button
          type="submit"
          size="lg"
          loading={isBusy && progress === null}
          disabled={
            file === null || progress !== null || (kind !== 'copy' && kind !== 'archive' && passphrase === '')
          }
        >
          {t('readFile')}
        </Button>
      </Stack>
    </form>
  )
}

const starts: readonly (readonly [string, Kind])[] = [
  ['age-encryption.org/', 'backup'],
  ['effigy store ', 'copy'],
]

/** By how it begins; whether it is one, whoever reads it finds. */
async function kindOf(file: Blob): Promise<Kind> {
  const start = await file.slice(0, 32).text()
  return starts.find(([text]) => start.startsWith(text))?.[1] ?? 'archive'
}
