/**
 * The first run: a name, a picture if one likes, and the app is there.
 *
 * @module
 */

import type { StorageFacts } from '@effigy/peer/page'
import { Alert, Anchor, Button, FileButton, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import {
  type FormEvent,
  type ReactNode,
  Suspense,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { askHere, type Here } from '../../app/here.ts'
import { consentToInvite, pendingInvite, subscribeInvite } from '../../app/invite-place.ts'
import { inviterOf } from '../../app/join-invite/inviter.ts'
import { late } from '../../app/late.tsx'
import { launchedFiles, subscribeLaunched, takeLaunched } from '../../app/launched.ts'
import { OtherAccounts } from '../../app/other-accounts.tsx'
import { usePage } from '../../app/page-context.ts'
import { words as appWords } from '../../app/words.ts'
import { Fault } from '../../components/fault.tsx'
import { LanguageSelect } from '../../components/language-select.tsx'
import { useObjectUrl } from '../../components/use-object-url.ts'
import { useWords } from '../../words/use-words.ts'
import { goRestoring, useRestoreStep } from '../restore/choice.ts'
import { begin } from './begin.ts'
import classes from './welcome-screen.module.css'
import { words } from './words.ts'

/** UTF-16 units that surely fit the 96 bytes of a name. */
const maxNameLength = 32

const pictureTypes = 'image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic'

const PassphraseField = late(async () => (await import('./passphrase-field.tsx')).PassphraseField)
const Restore = late(async () => (await import('../restore/restore-screen.tsx')).Screen)

export interface WelcomeProps {
  /** Null: it is not known yet. */
  readonly storage: StorageFacts | null
  /** They were made before the rest of it: they cannot be locked any more. */
  readonly hasKeys: boolean
}

export function Screen(props: WelcomeProps): ReactNode {
  return useRestoreStep() === null ? <FirstRun {...props} /> : <Restore />
}

type Read = ReturnType<typeof import('../../app/join-invite/read-invite.ts').readInvite>

const readings = new Map<string, Promise<Read>>()

/** What reads invites is loaded where somebody has one. */
function readLater(code: string): Promise<Read> {
  const known = readings.get(code)
  if (known !== undefined) return known
  const reading = import('../../app/join-invite/read-invite.ts').then(({ readInvite }) => readInvite(code))
  readings.set(code, reading)
  return reading
}

function FirstRun({ storage, hasKeys }: WelcomeProps): ReactNode {
  const t = useWords(words)
  const app = useWords(appWords)
  const page = usePage()
  const code = useSyncExternalStore(subscribeInvite, pendingInvite)
  const read = code === null ? null : use(readLater(code))
  const invite = read?.ok === true ? read.value : null
  const [here, setHere] = useState<Here | null>(null)
  const [name, setName] = useState('')
  const [picture, setPicture] = useState<File | null>(null)
  const [isMore, setMore] = useState(false)
  const [isLocked, setLocked] = useState(false)
  /** Of the lock; empty: none is wanted. Null: it is not typed yet. */
  const [passphrase, setPassphrase] = useState<string | null>('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const face = useObjectUrl(picture)

  useEffect(() => {
    const until = new AbortController()
    askHere(until.signal).then(setHere, () => {})
    return () => until.abort()
  }, [])

  // Somebody of another address of this app. Any page can lead here: no keys are made before a person says how they come back.
  useEffect(() => {
    if (location.hash !== '#back') return
    history.replaceState(history.state, '', `${location.pathname}${location.search}`)
    goRestoring('choose')
  }, [])

  // A backup that the system opened with the app is a way back; what is to be written about waits for an account.
  const launched = useSyncExternalStore(subscribeLaunched, launchedFiles)
  useEffect(() => {
    const [backup] = launched.length === 0 ? [] : takeLaunched('backup')
    if (backup !== undefined) goRestoring('file', backup)
  }, [launched])

  async function start(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (passphrase === null) return
    setBusy(true)
    setError(null)
    consentToInvite()
    try {
      const signal = AbortSignal.timeout(60_000)
      await begin(page, { name: name.trim(), picture, invite, here, passphrase, signal })
    } catch (reason) {
      setError(reason)
      setBusy(false)
    }
  }

  const inviter = invite === null ? null : inviterOf(invite)
  const [title, lead] =
    inviter === null || inviter.name === ''
      ? ([t('title'), t('lead')] as const)
      : inviter.type === 'hub'
        ? ([t('invitedHub', { name: inviter.name }), t('invitedHubLead', { name: inviter.name })] as const)
        : ([t('invited', { name: inviter.name }), t('invitedLead', { name: inviter.name })] as const)
  return (
    <main className={classes.page}>
      <Stack gap="lg" maw={440} w="100%">
        <img src="/app-icon.svg" alt="" width={72} height={72} className={classes.mark} />
        <Stack gap="xs">
          <Title order={1}>{title}</Title>
          <Text size="lg">{lead}</Text>
        </Stack>
        {read?.ok === false && <Alert color="yellow" title={t('invalid')} />}
        {storage?.persistence === 'memory' && (
          <Alert color="yellow" title={app('memoryTitle')}>
            {app('memory')}
          </Alert>
        )}
        <form onSubmit={(event) => void start(event)}>
          <Stack>
            <TextInput
              label={t('name')}
              description={t('nameHelp')}
              placeholder={t('namePlaceholder')}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              maxLength={maxNameLength}
              autoComplete="nickname"
              data-autofocus
            />
            <div className={classes.picture}>
              {face !== null && <img src={face} alt="" className={classes.face} />}
              <FileButton accept={pictureTypes} onChange={setPicture}>
                {(props) => (
                  <Button {...props} variant="default">
                    {picture === null ? t('picture') : t('pictureChange')}
                  </Button>
                )}
              </FileButton>
            </div>
            {!hasKeys && !isMore && (
              <Anchor component="button" type="button" ta="start" onClick={() => setMore(true)}>
                {app('more')}
              </Anchor>
            )}
            {!hasKeys && isMore && (
              <Switch
                label={t('lock')}
                checked={isLocked}
                onChange={({ currentTarget }) => {
                  setLocked(currentTarget.checked)
                  setPassphrase(currentTarget.checked ? null : '')
                }}
              />
            )}
            {isLocked && (
              <Suspense fallback={null}>
                <PassphraseField onChange={setPassphrase} />
              </Suspense>
            )}
            {error !== null && <Fault error={error} />}
            <Button
              type="submit"
              size="lg"
              disabled={passphrase === null}
              loading={isBusy}
              loaderProps={{ 'aria-label': t('starting') }}
            >
              {t('start')}
            </Button>
            <Text size="sm" c="var(--soft)" ta="center">
              {t('noMail')}
            </Text>
            <Button variant="subtle" disabled={isBusy} onClick={() => goRestoring('choose')}>
              {t('before')}
            </Button>
          </Stack>
        </form>
        <OtherAccounts />
        <HubNote here={here} isInvited={invite !== null} />
        <div className={classes.language}>
          <LanguageSelect size="sm" />
        </div>
      </Stack>
    </main>
  )
}

function HubNote({
  here,
  isInvited,
}: {
  readonly here: Here | null
  readonly isInvited: boolean
}): ReactNode {
  const t = useWords(words)
  if (isInvited) return null
  if (here?.isOpen !== true) {
    return (
      <Text size="sm" c="var(--soft)">
        {t('noHub')}
      </Text>
    )
  }
  return (
    <Text size="sm" c="var(--soft)" dir="auto">
      {t('hub', { name: here.name })}
      {here.terms === null ? '' : ` ${t('terms', { terms: here.terms })}`}
    </Text>
  )
}
