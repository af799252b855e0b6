/**
 * For developers: feeds as chains, entries with their bytes, and what goes over the wire now. It may use their words.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { InspectedFeed } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { Badge, Button, Group, NativeSelect, Stack, Table, Text, Title, UnstyledButton } from '@mantine/core'
import { IconGitFork } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { chainParts, epochsBefore, type Fork, forksOf } from './chain-parts.ts'
import { EntryView } from './entry-view.tsx'
import classes from './inspector.module.css'
import { short } from './short.ts'
import { WireLog } from './wire-log.tsx'
import { words } from './words.ts'

const pageSize = 25

export function Screen(): ReactNode {
  const t = useWords(words)
  const { identity: self } = usePeer()
  const [identity, setIdentity] = useState<Identity>(self)
  return (
    <Stack>
      <Stack gap={2}>
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text c="var(--soft)">{t('intro')}</Text>
      </Stack>
      <FeedChoice identity={identity} choose={setIdentity} />
      <Chain key={identity} identity={identity} />
      <WireLog />
    </Stack>
  )
}

function FeedChoice({
  identity,
  choose,
}: {
  readonly identity: Identity
  readonly choose: (identity: Identity) => void
}): ReactNode {
  const t = useWords(words)
  const { value: feeds, error } = useLive('inspecting.feeds')
  const feed = feeds?.find((one) => one.identity === identity) ?? null
  return (
    <Section title={t('feeds', { count: feeds?.length ?? 0 })}>
      {error !== null && <Fault error={error} />}
      <NativeSelect
        size="md"
        aria-label={t('feed')}
        value={identity}
        onChange={({ currentTarget }) => choose(currentTarget.value as Identity)}
        data={(feeds ?? []).map((one) => ({
          value: one.identity,
          label: `${short(one.identity)}${one.isSelf ? ` · ${t('self')}` : one.isWatched ? '' : ` · ${t('notWatched')}`}`,
        }))}
      />
      <Text size="sm">
        <PersonName identity={identity} />
      </Text>
      {feed !== null && (
        <Table layout="fixed">
          <Table.Tbody>
            <Fact name={t('identity')} value={feed.identity} />
            <Fact name={t('head')} value={feed.head?.cid ?? '—'} />
            <Fact
              name={t('epoch')}
              value={feed.head === null ? '—' : `${feed.head.epoch} · ${formatNumber(feed.head.length)}`}
            />
            <Fact
              name={t('held')}
              value={`${formatNumber(feed.held)} · ${formatBytes(feed.heldBytes)} · ${feed.runs.map(({ first, last }) => `${first}–${last}`).join(', ')}`}
            />
            {feed.disputedAbove !== null && <Fact name={t('disputed')} value={String(feed.disputedAbove)} />}
            {feed.broken !== null && (
              <Fact name={t('broken')} value={`${feed.broken.length} · ${feed.broken.code}`} />
            )}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <Table.Tr>
      <Table.Th w="9rem">{name}</Table.Th>
      <Table.Td className={classes.mono} dir="ltr">
        {value}
      </Table.Td>
    </Table.Tr>
  )
}

function Chain({ identity }: { readonly identity: Identity }): ReactNode {
  const t = useWords(words)
  const [below, setBelow] = useState<readonly number[]>([])
  const [chosen, setChosen] = useState<RawCid | null>(null)
  const at = below.at(-1)
  const { value: chain } = useLive('inspecting.chain', identity, {
    limit: pageSize,
    ...(at === undefined ? {} : { below: at }),
  })
  const { value: feed } = useLive('inspecting.feed', identity)
  const next = chain?.below ?? null
  const epoch = feed?.head?.epoch ?? null
  const parts =
    chain === null
      ? []
      : chainParts({ entries: chain.entries, isFirst: at === undefined, isLast: next === null }, feed)
  return (
    <Section title={t('chain')}>
      {chain?.entries.length === 0 && <Text>{t('nothing')}</Text>}
      {epoch !== null && (
        <Title order={3} size="h5">
          {t('epochNow', { epoch })}
        </Title>
      )}
      <ol className={classes.chain}>
        {parts.map((part) => {
          if (part.type === 'fork')
            return <ForkLeft key={part.fork.cid} fork={part.fork} text={t('forkLeaves')} />
          const { line } = part
          return (
            <li key={line.cid}>
              <UnstyledButton
                className={classes.entry ?? ''}
                aria-expanded={chosen === line.cid}
                onClick={() => setChosen(chosen === line.cid ? null : line.cid)}
              >
                <Text component="span" fw={600} className={classes.mono}>
                  {line.length}
                </Text>
                <Text component="span" className={classes.mono} dir="ltr" translate="no">
                  {line.type ?? '—'}
                </Text>
                <Text component="span" size="sm" c="var(--soft)">
                  {formatBytes(line.bytes)}
                </Text>
                <Badge
                  size="sm"
                  variant="light"
                  c="var(--mantine-color-text)"
                  tt="none"
                  color={line.isVerified ? 'teal' : 'yellow'}
                >
                  {line.isVerified ? t('verified') : t('unverified')}
                </Badge>
                {line.isSealed && (
                  <Badge size="sm" variant="light" c="var(--mantine-color-text)" tt="none" color="blue">
                    {t('sealed')}
                  </Badge>
                )}
              </UnstyledButton>
              {chosen === line.cid && <EntryView cid={line.cid} />}
            </li>
          )
        })}
      </ol>
      {next === null && epoch !== null && epoch > 1 && <Before feed={feed} epoch={epoch} />}
      <Group justify="space-between">
        <Button
          variant="default"
          size="sm"
          disabled={below.length === 0}
          onClick={() => setBelow((pages) => pages.slice(0, -1))}
        >
          {t('newer')}
        </Button>
        <Button
          variant="default"
          size="sm"
          disabled={next === null}
          onClick={() => {
            if (next !== null) setBelow((pages) => [...pages, next])
          }}
        >
          {t('older')}
        </Button>
      </Group>
    </Section>
  )
}

/** Whoever forks says two things at one place: one of them is not on this chain. */
function ForkLeft({ fork, text }: { readonly fork: Fork; readonly text: string }): ReactNode {
  return (
    <li className={classes.fork}>
      <IconGitFork size={20} aria-hidden />
      <Text component="span" fw={600}>
        {text}
      </Text>
      <Text component="span" size="sm" className={classes.mono} dir="ltr" translate="no">
        {fork.length} · {fork.cid}
      </Text>
    </li>
  )
}

/** Of an epoch before nothing is shown but what contradicted itself in it. */
function Before({ feed, epoch }: { readonly feed: InspectedFeed | null; readonly epoch: number }): ReactNode {
  const t = useWords(words)
  return (
    <Stack gap="xs">
      <Text size="sm" c="var(--soft)">
        {t('epochsBefore', { epoch })}
      </Text>
      {epochsBefore(feed).map((before) => (
        <Stack key={before} gap={0}>
          <Title order={3} size="h5">
            {t('epochBefore', { epoch: before })}
          </Title>
          <ol className={classes.chain}>
            {forksOf(feed, before).map((fork) => (
              <ForkLeft key={fork.cid} fork={fork} text={t('fork')} />
            ))}
          </ol>
        </Stack>
      ))}
    </Stack>
  )
}
