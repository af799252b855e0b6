/**
 * Invites to the hub, who came by them, and names that it gave.
 *
 * @module
 */
import { Alert, Button, CopyButton, Group, NumberInput, Stack, Text } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { formatDate, formatNumber } from '../../components/format.ts'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './administration.module.css'
import { Entries, Entry, Section, Who } from './entry.tsx'
import { useAct, useAskedList } from './use-hub.ts'
import { words } from './words.ts'

interface InviteRow {
  readonly token: string
  readonly from: string
  /** Ms. */
  readonly until: number
  readonly count: number
  readonly used: number
  readonly isRevoked: boolean
}

interface GuestRow {
  readonly identity: string
  readonly from: string
  /** Ms. */
  readonly at: number
}

interface NameRow {
  readonly name: string
  readonly root: string
}

export function Invites(): ReactNode {
  return (
    <Stack gap="xl">
      <NewInvite />
      <InviteList />
      <Guests />
      <Names />
    </Stack>
  )
}

function NewInvite(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const [count, setCount] = useState<number | string>(1)
  const [days, setDays] = useState<number | string>(7)
  const [link, setLink] = useState<string | null>(null)

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault()
    const made = await act<{ readonly link: string }>('invites create', { count, days })
    if (made !== null) setLink(made.link)
  }

  return (
    <Section title={t('inviteNew')}>
      <form onSubmit={(event) => void make(event)}>
        <Stack gap="sm">
          <Group grow>
            <NumberInput
              size="md"
              label={t('inviteCount')}
              value={count}
              onChange={setCount}
              min={1}
              max={1_000}
              allowDecimal={false}
              required
            />
            <NumberInput
              size="md"
              label={t('inviteDays')}
              value={days}
              onChange={setDays}
              min={1}
              max={365}
              allowDecimal={false}
              required
            />
          </Group>
          <Group>
            <Button type="submit" disabled={count === '' || days === ''}>
              {t('inviteMake')}
            </Button>
          </Group>
        </Stack>
      </form>
      {link !== null && (
        <Alert color="gray" role="status">
          <Stack gap="sm">
            <Text size="sm">{t('inviteLink')}</Text>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there */}
            <code className={classes.command} dir="ltr" translate="no" tabIndex={0}>
              {link}
            </code>
            <Group>
              <CopyButton value={link}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? t('copied') : t('copy')}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Stack>
        </Alert>
      )}
    </Section>
  )
}

function InviteList(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<InviteRow>('invites list')

  async function revoke({ token }: InviteRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('inviteRevokeTitle'),
      text: t('inviteRevokeText'),
      act: t('inviteRevoke'),
    })
    if (isMeant) await act('invites revoke', { token })
  }

  return (
    <Section title={t('invites')}>
      <Entries
        asked={asked}
        keyOf={({ token }) => token}
        nothing={t('noInvites')}
        show={(row) => {
          const isOver = row.until < Date.now()
          const date = formatDate(row.until)
          return (
            <Entry
              title={t('inviteUsed', { used: formatNumber(row.used), count: formatNumber(row.count) })}
              about={[
                row.isRevoked ? t('inviteRevoked') : t(isOver ? 'inviteOver' : 'inviteUntil', { date }),
                <Who key="from" identity={row.from} />,
              ]}
            >
              {!row.isRevoked && !isOver && (
                <Button variant="default" size="sm" onClick={() => void revoke(row)}>
                  {t('inviteRevoke')}
                </Button>
              )}
            </Entry>
          )
        }}
      />
    </Section>
  )
}

function Guests(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<GuestRow>('guests list')

  async function forget({ identity }: GuestRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('guestRemoveTitle'),
      text: t('guestRemoveText'),
      act: t('guestRemove'),
    })
    if (isMeant) await act('guests remove', { identity })
  }

  return (
    <Section title={t('guests')}>
      <Entries
        asked={asked}
        keyOf={({ identity }) => identity}
        nothing={t('nothing')}
        show={(row) => (
          <Entry title={<Who identity={row.identity} />} about={[<TimeAgo key="at" at={row.at} />]}>
            <Button variant="default" size="sm" onClick={() => void forget(row)}>
              {t('guestRemove')}
            </Button>
          </Entry>
        )}
      />
    </Section>
  )
}

function Names(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<NameRow>('aliases list')

  async function release({ name }: NameRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('nameReleaseTitle', { name }),
      text: t('nameReleaseText'),
      act: t('nameRelease'),
    })
    if (isMeant) await act('aliases release', { name })
  }

  return (
    <Section title={t('names')}>
      <Entries
        asked={asked}
        keyOf={({ name }) => name}
        nothing={t('nothing')}
        show={(row) => (
          <Entry title={<bdi data-others>{row.name}</bdi>} about={[<Who key="root" identity={row.root} />]}>
            <Button variant="default" size="sm" onClick={() => void release(row)}>
              {t('nameRelease')}
            </Button>
          </Entry>
        )}
      />
    </Section>
  )
}
