/**
 * A device that is no longer one's own: from when on nothing counts that it says.
 *
 *     until now ─ its end is known ─▶ it ends there        ─ nothing of it is here ─▶ open it once │ remove it anyway
 *
 * @module
 */
import { finalOfHead } from '@effigy/core'
import type { AccountMember, RevokeChoice } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Alert, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
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
  /** The person knows that nothing of it is here. */
  const [isUnheard, setUnheard] = useState(false)

  /** Null: the person hears first that nothing of it is here. */
  async function choose(): Promise<RevokeChoice | null> {
    switch (since) {
      case 'then':
        return { lostAt }
      case 'never':
        return { final: null }
      case 'now': {
        if (isUnheard) return { lostAt: 'now' }
        const { own } = await peer.account.finalFor(identity, 'now')
        return own === null ? null : { final: finalOfHead(own) }
      }
    }
  }

  const remove = (): void =>
    act(async () => {
      const how = await choose()
      if (how === null) return setUnheard(true)
      await peer.account.revoke(identity, how)
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
      {since === 'now' && isUnheard && (
        <Alert color="yellow" role="status" title={t('unheard', { label })}>
          {t('unheardText')}
        </Alert>
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
          {t(since === 'now' && isUnheard ? 'removeAnyway' : 'removeNow')}
        </Button>
      </Group>
    </Stack>
  )
}
