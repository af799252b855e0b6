/**
 * Friends who keep parts of the words: choosing them, and asking now and then whether they still have theirs (spec Z20, Z29).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { RehearsalOutcome, Splitting } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { Badge, Button, Checkbox, Group, NumberInput, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { formatDate } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

export function Custodians(): ReactNode {
  const t = useWords(words)
  const { value } = useLive('recovery.show')
  const { value: account } = useLive('account.show')
  const [isChoosing, setChoosing] = useState(false)
  if (value === null || account === null) return null
  const { splitting } = value
  return (
    <Section title={t('friends')} text={t('friendsLead')}>
      {splitting !== null && <Kept splitting={splitting} />}
      {isChoosing ? (
        <Choose hasWords={account.phraseConfirmed === false} onClose={() => setChoosing(false)} />
      ) : (
        <Group>
          <Button variant="default" onClick={() => setChoosing(true)}>
            {t(splitting === null ? 'friendsChoose' : 'friendsOthers')}
          </Button>
        </Group>
      )}
    </Section>
  )
}

function Kept({ splitting }: { readonly splitting: Splitting }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [outcomes, setOutcomes] = useState<ReadonlyMap<Identity, RehearsalOutcome>>(new Map())
  const rehearse = (): void =>
    act(async (signal) => {
      const told = await peer.recovery.rehearse({ signal })
      setOutcomes(new Map(told.map(({ identity, outcome }) => [identity, outcome])))
    })
  const { custodians, threshold, at } = splitting
  return (
    <Stack gap="sm">
      <Text>{t('friendsNeeded', { threshold, total: custodians.length, date: formatDate(at) })}</Text>
      <Stack gap="xs" role="status">
        {custodians.map(({ identity }) => {
          const outcome = outcomes.get(identity)
          return (
            <Group key={identity} justify="space-between">
              <Text fw={600}>
                <PersonName identity={identity} />
              </Text>
              {outcome !== undefined && <Badge variant="outline">{t(`rehearsed_${outcome}`)}</Badge>}
            </Group>
          )
        })}
      </Stack>
      {error !== null && <Fault error={error} />}
      <Group>
        <Button variant="default" loading={isBusy} onClick={rehearse}>
          {t('rehearse')}
        </Button>
      </Group>
    </Stack>
  )
}

interface ChooseProps {
  /** They are still on this device. */
  readonly hasWords: boolean
  readonly onClose: () => void
}

/** Parts that a person can keep an eye on. */
const maxFriends = 16

const maxOffered = 500

function Choose({ hasWords, onClose }: ChooseProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { value } = useLive('people.list', 'following', { limit: maxOffered })
  const followed = value?.items ?? []
  const { act, isBusy, error } = useAct()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [threshold, setThreshold] = useState(2)
  const [phrase, setPhrase] = useState('')
  const needed = Math.min(Math.max(2, threshold), Math.max(2, chosen.length))

  function split(event: FormEvent): void {
    event.preventDefault()
    act(async (signal) => {
      const given = hasWords ? {} : { phrase: phrase.trim().toLowerCase().split(/\s+/u).join(' ') }
      await peer.recovery.split({ ...given, custodians: chosen as Identity[], threshold: needed, signal })
      onClose()
    })
  }

  if (value !== null && followed.length < 2) {
    return (
      <Stack>
        <Text>{t('friendsTooFew')}</Text>
        <Group>
          <Button variant="default" onClick={onClose}>
            {t('close')}
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form onSubmit={split}>
      <Stack>
        <Checkbox.Group
          label={t('friendsWho')}
          description={t('friendsWhoHelp')}
          value={[...chosen]}
          onChange={(next) => setChosen(next.slice(0, maxFriends))}
        >
          <Stack gap="sm" mt="xs">
            {followed.map(({ identity }) => (
              <Checkbox key={identity} value={identity} label={<PersonName identity={identity} />} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NumberInput
          label={t('friendsHowMany')}
          description={t('friendsHowManyHelp')}
          value={needed}
          onChange={(next) => setThreshold(Number(next))}
          min={2}
          max={Math.max(2, chosen.length)}
          allowDecimal={false}
        />
        {!hasWords && (
          <Textarea
            label={t('yourWords')}
            value={phrase}
            onChange={({ currentTarget }) => setPhrase(currentTarget.value)}
            autosize
            minRows={2}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            dir="ltr"
          />
        )}
        {error !== null && <Fault error={error} />}
        <Group>
          <Button
            type="submit"
            loading={isBusy}
            disabled={chosen.length < 2 || (!hasWords && phrase.trim() === '')}
          >
            {t('friendsGive')}
          </Button>
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
