/**
 * A device that is no longer one's own: from when on nothing counts that it says.
 *
 * @module
 */
import type { AccountMember } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

type Since = 'now' | 'then' | 'never'

export function RemoveDevice({
  member: { identity, label },
  onClose,
}: {
  readonly member: AccountMember
  readonly onClose: () => void
}): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [since, setSince] = useState<Since>('now')
  const [then, setThen] = useState('')
  const lostAt = Date.parse(then)

  const remove = (): void =>
    act(async () => {
      await peer.account.revoke(
        identity,
        since === 'never' ? { final: null } : { lostAt: since === 'now' ? since : lostAt },
      )
      onClose()
    })

  return (
    <Stack>
      <Text>{t('removeLead', { label })}</Text>
      <Radio.Group label={t('lastSafe')} value={since} onChange={(next) => setSince(next as Since)}>
        <Stack gap="sm" mt="xs">
          <Radio value="now" label={t('safeNow')} description={t('safeNowHelp')} />
          <Radio value="then" label={t('safeThen')} description={t('safeThenHelp')} />
          <Radio value="never" label={t('safeNever')} description={t('safeNeverHelp')} />
        </Stack>
      </Radio.Group>
      {since === 'then' && (
        <TextInput
          type="datetime-local"
          label={t('when')}
          value={then}
          onChange={({ currentTarget }) => setThen(currentTarget.value)}
        />
      )}
      {error !== null && <Fault error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} disabled={isBusy}>
          {t('cancel')}
        </Button>
        <Button
          color="red"
          loading={isBusy}
          disabled={since === 'then' && Number.isNaN(lostAt)}
          onClick={remove}
        >
          {t('removeNow')}
        </Button>
      </Group>
    </Stack>
  )
}
