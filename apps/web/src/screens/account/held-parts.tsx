/**
 * Parts that this person keeps for friends, or has no room for, and who asks for one back: the six words are compared first (spec Z23,
 * Z26).
 *
 * @module
 */
import type { Root } from '@effigy/core'
import type { HeldShare, ShareRequestView } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { IconLifebuoy } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { useAct } from '../../components/use-act.ts'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

export function HeldParts(): ReactNode {
  const t = useWords(words)
  const { value } = useLive('recovery.show')
  if (value === null || value.held.length + value.refused.length + value.requests.length === 0) return null
  return (
    <Section title={t('held')} text={t('heldLead')}>
      {value.requests.map((request) => (
        <Request key={request.id} request={request} held={value.held} />
      ))}
      {value.held.length > 0 && <ByWords listed={value.requests} held={value.held} />}
      {value.held.map(({ account }) => (
        <Held key={account.root} account={account} />
      ))}
      {value.refused.length > 0 && (
        <Alert color="yellow" icon={<IconLifebuoy />} title={t('heldFull')} role="status">
          <Text size="sm">{t('heldFullText')}</Text>
          {value.refused.map((account) => (
            <Held key={account.root} account={account} />
          ))}
        </Alert>
      )}
    </Section>
  )
}

interface ByWordsProps {
  readonly listed: readonly ShareRequestView[]
  readonly held: readonly HeldShare[]
}

/** Strangers can make up so many requests that a friend's is not listed, or not soon: the friend's words find it. */
function ByWords({ listed, held }: ByWordsProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [isAsked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<ShareRequestView | 'none' | null>(null)
  const look = (event: FormEvent): void => {
    event.preventDefault()
    act(async () => setFound((await peer.recovery.lookUp(typed)) ?? 'none'))
  }
  if (!isAsked) {
    return (
      <Group>
        <Button variant="subtle" size="compact-sm" onClick={() => setAsked(true)}>
          {t('byWords')}
        </Button>
      </Group>
    )
  }
  const isListed = found !== null && found !== 'none' && listed.some(({ id }) => id === found.id)
  // What is decided upon there is not asked about once more here.
  if (isListed) setFound(null)
  return (
    <form onSubmit={look}>
      <Stack gap="xs">
        <Group align="end" gap="xs">
          <TextInput
            label={t('byWordsLabel')}
            dir="ltr"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            flex={1}
            autoFocus
            value={typed}
            error={found === 'none' ? t('byWordsNone') : undefined}
            onChange={({ currentTarget }) => {
              setTyped(currentTarget.value)
              setFound(null)
            }}
          />
          <Button type="submit" variant="default" loading={isBusy} disabled={typed.trim() === ''}>
            {t('byWordsLook')}
          </Button>
        </Group>
        {error !== null && <Fault error={error} />}
        {found !== null && found !== 'none' && !isListed && (
          <Request key={found.id} request={found} held={held} onDecided={() => setFound(null)} />
        )}
      </Stack>
    </form>
  )
}

/** One that is kept, or that waits for room. */
function Held({ account }: Pick<HeldShare, 'account'>): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { name } = usePerson(account.identity)
  const { act, isBusy, error } = useAct()
  const release = async (): Promise<void> => {
    const isMeant = await confirmAct({
      title: t('heldReleaseTitle', { name }),
      text: t('heldReleaseText'),
      act: t('heldRelease'),
    })
    if (isMeant) act(() => peer.recovery.release(account.root))
  }
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>
          <PersonName identity={account.identity} />
        </Text>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={t('heldReleaseOf', { name })}
          disabled={isBusy}
          onClick={() => void release()}
        >
          {t('heldRelease')}
        </Button>
      </Group>
      {error !== null && <Fault error={error} />}
    </>
  )
}

interface RequestProps {
  readonly request: ShareRequestView
  readonly held: readonly HeldShare[]
  readonly onDecided?: () => void
}

function Request({ request, held, onDecided }: RequestProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [whose, setWhose] = useState<string>(request.account ?? '')
  const { id, name, words: six } = request
  const decide = (how: () => Promise<void>): void =>
    act(async () => {
      await how()
      onDecided?.()
    })
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
            onClick={() => decide(() => peer.recovery.approve(id, { account: whose as Root }))}
          >
            {t('partGive')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={() => decide(() => peer.recovery.deny(id))}>
            {t('partDeny')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
