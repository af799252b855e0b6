/**
 * The lock of this browser: turned on, changed, and when it closes by itself.
 *
 * @module
 */
import type { LockName } from '@effigy/crypto/browser'
import { canHavePasskeys } from '@effigy/crypto/page'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { Link } from 'wouter'
import { chooseIdleLock, idleChoices, idleLock, noteTouch } from '../../app/idle-lock.ts'
import { useOwnProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { putDraftsAway } from '../../components/composer/put-away.ts'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { LockList } from './lock-list.tsx'
import { NewPassphrase } from './new-passphrase.tsx'
import { makePasskey } from './secrets.ts'
import { words } from './words.ts'

export function LockHere(): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const [locks, setLocks] = useState<readonly LockName[] | null>(null)
  const [hasPasskeys, setPasskeys] = useState(false)
  const look = useCallback(() => {
    page.device.locks().then(setLocks, () => {})
  }, [page])
  useEffect(look, [look])
  useEffect(() => {
    canHavePasskeys().then(setPasskeys, () => {})
  }, [])
  if (locks === null) return null
  return (
    <Stack component="section" aria-labelledby="lock">
      <Title order={2} size="h3" id="lock">
        {t('title')}
      </Title>
      {locks.length === 0 ? (
        <TurnOn hasPasskeys={hasPasskeys} onDone={look} />
      ) : (
        <>
          <LockList locks={locks} hasPasskeys={hasPasskeys} onChange={look} />
          <IdleChoice />
          <LockNow />
          <Copied />
        </>
      )}
      <Text size="sm" c="var(--soft)">
        {t('worth')}
      </Text>
    </Stack>
  )
}

function TurnOn({
  hasPasskeys,
  onDone,
}: {
  readonly hasPasskeys: boolean
  readonly onDone: () => void
}): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const { name } = useOwnProfile()
  const { value: account } = useLive('account.show')
  const { act, isBusy, error } = useAct()
  const [isTyping, setTyping] = useState(false)

  // While it is turned on, the device of before is the main one no more.
  if (account?.role !== 'main' && !isBusy) return <Text>{t('notMain')}</Text>

  const lockBy = (passphrase: string): void =>
    act(async () => {
      noteTouch(Date.now())
      await page.device.renew(passphrase)
      onDone()
    })

  return (
    <>
      <Text>{t('none')}</Text>
      {account?.phraseConfirmed === false && (
        <Alert color="yellow" title={t('wordsFirst')}>
          <Stack gap="xs" align="start">
            {t('wordsFirstText')}
            <Button component={Link} href="/account" variant="default" size="compact-md">
              {t('toWords')}
            </Button>
          </Stack>
        </Alert>
      )}
      {isTyping ? (
        <NewPassphrase
          act={t('lockIt')}
          isBusy={isBusy}
          onPassphrase={lockBy}
          onCancel={() => setTyping(false)}
        />
      ) : (
        <Group>
          <Button disabled={isBusy} onClick={() => setTyping(true)}>
            {t('withPassphrase')}
          </Button>
          {hasPasskeys && (
            <Button
              variant="default"
              loading={isBusy}
              onClick={() =>
                act(async (signal) => {
                  const passkey = await makePasskey([], name, signal)
                  noteTouch(Date.now())
                  await page.device.renew(passkey)
                  onDone()
                })
              }
            >
              {t('withPasskey')}
            </Button>
          )}
        </Group>
      )}
      {isBusy && <Text role="status">{t('working')}</Text>}
      {error !== null && <Fault error={error} />}
      <Text size="sm" c="var(--soft)">
        {t('newKeys')}
      </Text>
    </>
  )
}

/** Other keys of the device leave the account's as it is: a copy of it is ended by words alone. */
function Copied(): ReactNode {
  const t = useWords(words)
  return (
    <Stack gap="xs" align="start">
      <Text size="sm" c="var(--soft)">
        {t('copied')}
      </Text>
      <Button component={Link} href="/account" variant="subtle" size="compact-md">
        {t('toTakeBack')}
      </Button>
    </Stack>
  )
}

function IdleChoice(): ReactNode {
  const t = useWords(words)
  const [minutes, setMinutes] = useState(idleLock)
  return (
    <NativeSelect
      label={t('idle')}
      value={String(minutes ?? 0)}
      data={[
        { value: '0', label: t('idleNever') },
        ...idleChoices.map((count) => ({ value: String(count), label: t('idleAfter', { count }) })),
      ]}
      onChange={({ currentTarget }) => {
        const chosen = idleChoices.find((each) => String(each) === currentTarget.value) ?? null
        chooseIdleLock(chosen)
        setMinutes(chosen)
      }}
    />
  )
}

function LockNow(): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const { act, isBusy, error } = useAct()

  async function lock(): Promise<void> {
    await putDraftsAway(peer)
    await page.device.lock()
  }

  return (
    <>
      {error !== null && <Fault error={error} />}
      <Group>
        <Button disabled={isBusy} onClick={() => act(lock)}>
          {t('lockNow')}
        </Button>
      </Group>
    </>
  )
}
