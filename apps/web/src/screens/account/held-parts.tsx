/**
 * Parts that this person keeps for friends, and who asks for one back: the six words are compared first (spec Z23, Z26).
 *
 * @module
 */
import type { Root } from '@effigy/core'
import type { HeldShare, ShareRequestView } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core'
import { IconLifebuoy } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

export function HeldParts(): ReactNode {
  const t = useWords(words)
  const { value } = useLive('recovery.show')
  if (value === null || (value.held.length === 0 && value.requests.length === 0)) return null
  return (
    <Section title={t('held')} text={t('heldLead')}>
      {value.requests.map((request) => (
        <Request key={request.id} request={request} held={value.held} />
      ))}
      {value.held.map(({ account }) => (
        <Text key={account.root} fw={600}>
          <PersonName identity={account.identity} />
        </Text>
      ))}
    </Section>
  )
}

interface RequestProps {
  readonly request: ShareRequestView
  readonly held: readonly HeldShare[]
}

function Request({ request, held }: RequestProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [whose, setWhose] = useState<string>(request.account ?? '')
  const { id, name, words: six } = request
  return (
    <Alert color="yellow" icon={<IconLifebuoy />} title={t('asksPart', { name })} role="status">
      <Stack gap="sm">
        <Text size="sm">{t('asksPartHelp')}</Text>
        <Text size="lg" dir="ltr" ta="start" translate="no">
          {six}
        </Text>
        {request.account === null && (
          <Radio.Group label={t('whosePart')} value={whose} onChange={setWhose}>
            <Stack gap="xs" mt="xs">
              {held.map(({ account }) => (
                <Radio
                  key={account.root}
                  value={account.root}
                  label={<PersonName identity={account.identity} />}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {error !== null && <Fault error={error} />}
        <Group>
          <Button
            disabled={isBusy || whose === ''}
            onClick={() => act(() => peer.recovery.approve(id, { account: whose as Root }))}
          >
            {t('partGive')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={() => act(() => peer.recovery.deny(id))}>
            {t('partDeny')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
