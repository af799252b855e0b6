/**
 * What opens this browser: one more, one less, another passphrase. Each change is made by who opens it at that moment.
 *
 * @module
 */
import type { LockName, LockSecret } from '@effigy/crypto/browser'
import { Button, Card, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useOwnProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { NewPassphrase } from './new-passphrase.tsx'
import { askPasskey, credentialsOf, demandOk, hasPassphrase, makePasskey, putPasskey } from './secrets.ts'
import { words } from './words.ts'

export interface LockListProps {
  readonly locks: readonly LockName[]
  readonly hasPasskeys: boolean
  readonly onChange: () => void
}

type Change =
  | { readonly type: 'passphrase' | 'passkey' }
  | { readonly type: 'remove'; readonly lock: LockName }

export function LockList({ locks, hasPasskeys, onChange }: LockListProps): ReactNode {
  const t = useWords(words)
  const [change, setChange] = useState<Change | null>(null)
  const names = namesOf(locks)
  const nameOf = (lock: LockName): string => {
    const { number } = names.find((each) => each.lock === lock) ?? { number: null }
    if (lock.type === 'passphrase') return t('lock_passphrase')
    return number === null ? t('lock_passkey') : t('lock_passkeyOf', { number })
  }
  const isTyped = hasPassphrase(locks)
  return (
    <Stack gap="xs">
      <Text>{t('opensWith')}</Text>
      {names.map(({ lock, key }) => (
        <Card key={key} withBorder bg="var(--card)" py="xs" px="md">
          <Group justify="space-between">
            <Text>{nameOf(lock)}</Text>
            {locks.length > 1 && (
              <Button
                variant="subtle"
                size="compact-md"
                aria-label={t('removeOf', { lock: nameOf(lock) })}
                onClick={() => setChange({ type: 'remove', lock })}
              >
                {t('remove')}
              </Button>
            )}
          </Group>
        </Card>
      ))}
      {change === null ? (
        <Group>
          <Button variant="default" onClick={() => setChange({ type: 'passphrase' })}>
            {t(isTyped ? 'change' : 'addPassphrase')}
          </Button>
          {hasPasskeys && (
            <Button variant="default" onClick={() => setChange({ type: 'passkey' })}>
              {t('addPasskey')}
            </Button>
          )}
        </Group>
      ) : (
        <Changing
          // Each begins with empty fields.
          key={JSON.stringify(change)}
          change={change}
          locks={locks}
          onClose={() => setChange(null)}
          onChange={onChange}
          what={change.type === 'remove' ? t('removeOf', { lock: nameOf(change.lock) }) : null}
        />
      )}
    </Stack>
  )
}

interface ChangingProps {
  readonly change: Change
  readonly locks: readonly LockName[]
  readonly what: string | null
  readonly onClose: () => void
  readonly onChange: () => void
}

function Changing({ change, locks, what, onClose, onChange }: ChangingProps): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const { name } = useOwnProfile()
  const { act, isBusy, error } = useAct()
  const [now, setNow] = useState('')
  // What is taken away does not open the rest.
  const opening = change.type === 'remove' ? locks.filter((lock) => lock !== change.lock) : locks
  const isTyped = hasPassphrase(opening)
  const isKeyed = credentialsOf(opening).length > 0

  const by = async (signal: AbortSignal): Promise<LockSecret> =>
    now === '' && isKeyed ? askPasskey(opening, signal) : now

  const run = (work: (signal: AbortSignal) => Promise<Parameters<typeof demandOk>[0]>): void =>
    act(async (signal) => {
      demandOk(await work(signal))
      onChange()
      onClose()
    })

  const nowField = isTyped && (
    <PasswordInput
      label={t('now')}
      description={isKeyed ? t('nowOrPasskey') : undefined}
      value={now}
      onChange={({ currentTarget }) => setNow(currentTarget.value)}
      autoComplete="current-password"
      disabled={isBusy}
    />
  )
  const fault = error !== null && <Fault error={error} />
  // K13: nothing gets another key.
  const known = <Text size="sm">{t('known')}</Text>

  if (change.type === 'passphrase') {
    return (
      <>
        <NewPassphrase
          act={t('save')}
          isBusy={isBusy}
          onCancel={onClose}
          onPassphrase={(next) => run(async (signal) => page.device.putLock(next, await by(signal)))}
        >
          {hasPassphrase(locks) && known}
          {nowField}
        </NewPassphrase>
        {fault}
      </>
    )
  }
  return (
    <Stack>
      {what !== null && <Text>{what}</Text>}
      {change.type === 'remove' && known}
      {nowField}
      {fault}
      <Group justify="flex-end">
        <Button variant="default" disabled={isBusy} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          loading={isBusy}
          disabled={isTyped && !isKeyed && now === ''}
          onClick={() =>
            run(async (signal) => {
              const opens = await by(signal)
              if (change.type === 'remove') return page.device.removeLock(change.lock, opens)
              return putPasskey(makePasskey(locks, name, signal), (passkey) =>
                page.device.putLock(passkey, opens),
              )
            })
          }
        >
          {t(change.type === 'remove' ? 'remove' : 'addPasskey')}
        </Button>
      </Group>
    </Stack>
  )
}

/** Several passkeys are told apart by their number. */
function namesOf(
  locks: readonly LockName[],
): readonly { readonly lock: LockName; readonly key: string; readonly number: number | null }[] {
  const credentials = credentialsOf(locks)
  return locks.map((lock) => {
    if (lock.type === 'passphrase') return { lock, key: lock.type, number: null }
    const number = credentials.length > 1 ? credentials.indexOf(lock.credential) + 1 : null
    return { lock, key: lock.credential, number }
  })
}
