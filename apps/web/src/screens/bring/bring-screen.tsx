/**
 * What somebody wrote on a Mastodon server, brought along: the archive, what of it, and how far it is.
 *
 * @module
 */
import { usePeer } from '@effigy/react'
import {
  Alert,
  Button,
  FileButton,
  Group,
  List,
  NativeSelect,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core'
import { IconFileZip } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { Fault } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { Section } from '../../components/section.tsx'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Brought, bringPosts } from './bring.ts'
import { choosePosts, type MastodonArchive, readMastodon, yearsOf } from './read-archive.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { act, cancel, isBusy, error } = useAct()
  const [archive, setArchive] = useState<MastodonArchive | null>(null)
  const [refusal, setRefusal] = useState<'notThis' | 'tooLarge' | null>(null)

  const read = (file: File | null): void => {
    if (file === null) return
    setArchive(null)
    setRefusal(null)
    act(async (signal) => {
      const found = await readMastodon(file, signal)
      if (found.ok) setArchive(found.value)
      else setRefusal(found.error.code === 'archive-too-large' ? 'tooLarge' : 'notThis')
    })
  }

  return (
    <Stack>
      <Stack gap="xs">
        <Title order={1}>{t('title')}</Title>
        <Text c="var(--soft)">{t('lead')}</Text>
        <Text>{t('how')}</Text>
      </Stack>
      <Group>
        <FileButton accept=".zip,.gz,.tgz,.tar,application/zip,application/gzip" onChange={read}>
          {(props) => (
            <Button
              {...props}
              leftSection={<IconFileZip size={20} />}
              variant={archive === null ? 'filled' : 'default'}
              disabled={isBusy}
            >
              {t('choose')}
            </Button>
          )}
        </FileButton>
      </Group>
      {isBusy && <Working title={t('reading')} done={0} total={null} onCancel={cancel} />}
      {error !== null && <Fault error={error} />}
      {refusal !== null && <Alert color="yellow" title={t(refusal)} />}
      {archive?.posts.length === 0 && <Alert color="yellow" title={t('nothing')} />}
      {archive !== null && archive.posts.length > 0 && <Choice archive={archive} />}
    </Stack>
  )
}

function Choice({ archive }: { readonly archive: MastodonArchive }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const years = useMemo(() => yearsOf(archive), [archive])
  const [from, setFrom] = useState(years[0] ?? 0)
  const [to, setTo] = useState(years.at(-1) ?? 0)
  const [hasUnlisted, setUnlisted] = useState(false)
  const [progress, setProgress] = useState({ done: 0, total: 0 })
  const [brought, setBrought] = useState<Brought | null>(null)
  const { act, cancel, isBusy, error } = useAct()
  const { posts, files, bytes } = useMemo(
    () => choosePosts(archive, { from, to, hasUnlisted }),
    [archive, from, to, hasUnlisted],
  )
  const count = posts.length

  const begin = (): void => {
    setBrought(null)
    setProgress({ done: 0, total: count })
    act(async (signal) => {
      setBrought(await bringPosts(peer, archive.archive, posts, { signal, onProgress: setProgress }))
    })
  }

  if (isBusy) {
    const [done, total] = [formatNumber(progress.done), formatNumber(progress.total)]
    return (
      <Stack>
        <Working title={t('bringing')} {...progress} detail={t('soFar', { done, total })} onCancel={cancel} />
        <Text size="sm" c="var(--soft)">
          {t('again')}
        </Text>
      </Stack>
    )
  }
  if (brought !== null) return <Done brought={brought} />
  return (
    <Section title={t('found', { count })}>
      {files > 0 && <Text>{t('files', { count: files, size: formatBytes(bytes) })}</Text>}
      <Group grow>
        <Year label={t('from')} years={years.filter((year) => year <= to)} value={from} onChange={setFrom} />
        <Year label={t('to')} years={years.filter((year) => year >= from)} value={to} onChange={setTo} />
      </Group>
      <Switch
        label={t('unlisted')}
        checked={hasUnlisted}
        onChange={({ currentTarget }) => setUnlisted(currentTarget.checked)}
      />
      <LeftOut {...archive.leftOut} />
      <Text size="sm" c="var(--soft)">
        {t('everybody')}
      </Text>
      {error !== null && <Fault error={error} />}
      <Group>
        <Button disabled={count === 0} onClick={begin}>
          {t('begin', { count })}
        </Button>
      </Group>
    </Section>
  )
}

interface YearProps {
  readonly label: string
  readonly years: readonly number[]
  readonly value: number
  readonly onChange: (year: number) => void
}

function Year({ label, years, value, onChange }: YearProps): ReactNode {
  return (
    <NativeSelect
      label={label}
      value={value}
      data={years.map(String)}
      onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}
    />
  )
}

function LeftOut({ boosts, answers, restricted, others }: MastodonArchive['leftOut']): ReactNode {
  const t = useWords(words)
  const lines = [
    ...(boosts === 0 ? [] : [t('boosts', { count: boosts })]),
    ...(answers === 0 ? [] : [t('answers', { count: answers })]),
    ...(restricted === 0 ? [] : [t('restricted', { count: restricted })]),
    ...(others === 0 ? [] : [t('others', { count: others })]),
  ]
  if (lines.length === 0) return null
  return (
    <Stack gap={4}>
      <Text>{t('leftOut')}</Text>
      <List size="sm" withPadding>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </Stack>
  )
}

function Done({ brought: { notes, known, lostFiles } }: { readonly brought: Brought }): ReactNode {
  const t = useWords(words)
  const { identity } = usePeer()
  return (
    <Section title={t('done', { count: notes })}>
      {known > 0 && <Text>{t('known', { count: known })}</Text>}
      {lostFiles > 0 && <Text>{t('lost', { count: lostFiles })}</Text>}
      <Group>
        <Button component={Link} href={`/p/${identity}`} variant="default">
          {t('look')}
        </Button>
      </Group>
    </Section>
  )
}
