/**
 * The account that was found: which of its devices one still has, and taking it here.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { FoundAccount } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Card, Checkbox, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { deviceLabel } from '../../app/device-label.ts'
import { Fault } from '../../components/fault.tsx'
import { formatAgo } from '../../components/format.ts'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { goRestoring } from './choice.ts'
import { words } from './words.ts'

export interface FoundProps {
  readonly phrase: string
  readonly found: FoundAccount
  readonly onBack: () => void
}

export function Found({ phrase, found, onBack }: FoundProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { isBusy, error, act } = useAct()
  const [kept, setKept] = useState<readonly Identity[]>([])
  const take = (): void =>
    act(async (signal) => {
      await peer.account.move({ phrase, keep: kept, label: deviceLabel(navigator.userAgent), signal })
      await peer.recovery.forget()
      goRestoring('fetching')
    })
  const name = found.name.trim()
  return (
    <Stack>
      <Text size="lg">{name === '' ? t('foundNameless') : t('found', { name })}</Text>
      {found.devices.length > 0 && (
        <Card withBorder bg="var(--card)">
          <Checkbox.Group
            label={t('stillHave')}
            description={t('stillHaveHelp')}
            value={[...kept]}
            onChange={(next) => setKept(next as Identity[])}
          >
            <Stack gap="sm" mt="sm">
              {found.devices.map(({ identity, label, lastAt }) => (
                <Checkbox
                  key={identity}
                  size="md"
                  value={identity}
                  label={<bdi>{label}</bdi>}
                  description={
                    lastAt === null ? t('neverSeen') : t('lastWrote', { ago: formatAgo(lastAt, Date.now()) })
                  }
                />
              ))}
            </Stack>
          </Checkbox.Group>
        </Card>
      )}
      <Text c="var(--soft)">{t('takeHelp')}</Text>
      {error !== null && <Fault error={error} />}
      <Button size="lg" loading={isBusy} onClick={take}>
        {t('take')}
      </Button>
      <Button variant="default" disabled={isBusy} onClick={onBack}>
        {t('notMine')}
      </Button>
    </Stack>
  )
}
