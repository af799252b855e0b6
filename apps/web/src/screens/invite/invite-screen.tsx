/**
 * Inviting a friend: a link and a code that let them in at a hub of one's own, and those that are out there.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { EffigyError } from '@effigy/core'
import type { MadeInvite } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, CopyButton, Group, NativeSelect, Stack, Switch, Text, Textarea, Title } from '@mantine/core'
import { IconCheck, IconCopy, IconServer2, IconShare3 } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { useOwnProfile } from '../../app/own-profile.ts'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { formatDate } from '../../components/format.ts'
import { QrCode } from '../../components/qr-code.tsx'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { hostOf } from '../hubs/about-hub.ts'
import { HeldInvites } from './held-invites.tsx'
import classes from './invite.module.css'
import { words } from './words.ts'

const dayMs = 24 * 60 * 60 * 1000

/** ms for the hub to answer. */
const patienceMs = 20_000

const counts = [1, 3, 10] as const

export function Screen(): ReactNode {
  const t = useWords(words)
  const { hubs } = useOwnProfile()
  return (
    <Stack>
      <Stack gap={2}>
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text c="var(--soft)">{t('intro')}</Text>
      </Stack>
      {hubs.length === 0 ? (
        <Empty icon={IconServer2} title={t('noHubTitle')} text={t('noHub')}>
          <Button component={Link} href="/hubs">
            {t('toHubs')}
          </Button>
        </Empty>
      ) : (
        <Invite hubs={hubs} />
      )}
    </Stack>
  )
}

function Invite({ hubs }: { readonly hubs: readonly Hub[] }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const [chosen, setChosen] = useState(hubs[0]?.[0] ?? '')
  const [count, setCount] = useState<number>(counts[0])
  const [wish, setWish] = useState<boolean | null>(null)
  // Until a person says: whom one lets in alone is somebody one knows.
  const followsBack = wish ?? count === 1
  const [made, setMade] = useState<MadeInvite | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [rounds, setRounds] = useState(0)
  const [hub, url] = hubs.find(([one]) => one === chosen) ?? hubs[0] ?? []

  async function make(): Promise<void> {
    if (hub === undefined || url === undefined) return
    setBusy(true)
    setError(null)
    try {
      const signal = AbortSignal.timeout(patienceMs)
      const answer = await peer.joining.invite(hub, { url, count, lastsMs: 7 * dayMs, followsBack, signal })
      if (!answer.ok) throw new EffigyError(answer.error.code, answer.error.code)
      setMade(answer.value)
      setRounds((before) => before + 1)
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Section title={t('makeTitle')} text={t('makeText')}>
        {hubs.length > 1 && (
          <NativeSelect
            size="md"
            label={t('hub')}
            value={chosen}
            data={hubs.map(([one, at]) => ({ value: one, label: hostOf(at) }))}
            onChange={({ currentTarget }) => {
              setChosen(currentTarget.value as typeof chosen)
              setMade(null)
            }}
          />
        )}
        <NativeSelect
          size="md"
          label={t('forHow')}
          value={String(count)}
          data={counts.map((one) => ({ value: String(one), label: t('people', { count: one }) }))}
          onChange={({ currentTarget }) => {
            setCount(Number(currentTarget.value))
            setMade(null)
          }}
        />
        <Switch
          size="md"
          label={t('followsBack')}
          checked={followsBack}
          onChange={({ currentTarget }) => {
            setWish(currentTarget.checked)
            setMade(null)
          }}
        />
        {error !== null && <Fault error={error} />}
        {made === null ? (
          <Button onClick={() => void make()} loading={isBusy}>
            {t('make')}
          </Button>
        ) : (
          <Made made={made} again={() => setMade(null)} />
        )}
      </Section>
      {hub !== undefined && <HeldInvites key={`${hub} ${rounds}`} hub={hub} />}
    </>
  )
}

function Made({ made, again }: { readonly made: MadeInvite; readonly again: () => void }): ReactNode {
  const t = useWords(words)
  const { link, invite } = made
  const canShare = typeof navigator.share === 'function'
  return (
    <Stack gap="sm" role="status">
      <div className={classes.code}>
        <QrCode text={link} label={t('codeLabel')} />
      </div>
      <Text size="sm" ta="center" c="var(--soft)">
        {t('madeText', { date: formatDate(invite.until), count: invite.count })}
      </Text>
      <Textarea
        readOnly
        aria-label={t('link')}
        value={link}
        autosize
        minRows={2}
        maxRows={4}
        dir="ltr"
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <Group grow>
        <CopyButton value={link} timeout={3_000}>
          {({ copied, copy }) => (
            <Button
              variant={canShare ? 'default' : 'filled'}
              onClick={copy}
              leftSection={copied ? <IconCheck size={20} /> : <IconCopy size={20} />}
            >
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </CopyButton>
        {canShare && (
          <Button
            leftSection={<IconShare3 size={20} />}
            onClick={() => {
              // Closed without a choice: nothing happened.
              navigator.share({ text: t('shareText'), url: link }).catch(() => {})
            }}
          >
            {t('share')}
          </Button>
        )}
      </Group>
      <Button variant="subtle" onClick={again}>
        {t('another')}
      </Button>
    </Stack>
  )
}
