/**
 * What somebody wrote on a Mastodon server, brought along: the archive, what of it, and how far it is.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, FileButton, Group, List, NativeSelect, Stack, Switch, Text } from '@mantine/core'
import { IconFileZip } from '@tabler/icons-react'
import {
  type ReactNode,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { Link } from 'wouter'
import { asTouch } from '../../app/idle-lock.ts'
import { launchedFiles, subscribeLaunched, takeLaunched } from '../../app/launched.ts'
import { Fault } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { ScreenHead } from '../../components/screen-head.tsx'
import { Section } from '../../components/section.tsx'
import { tell } from '../../components/tell.ts'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Brought, bringPosts } from './bring.ts'
import { type Chosen, choosePosts, type MastodonArchive, readMastodon, yearsOf } from './read-archive.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { act, cancel, isBusy, error } = useAct()
  const [archive, setArchive] = useState<MastodonArchive | null>(null)
  const [isBringing, setBringing] = useState(false)
  const again = useRef<() => void>(null)
  const [refusal, setRefusal] = useState<'notThis' | 'tooLarge' | null>(null)

  const read = (file: File | null): void => {
    // The same one may be chosen again.
    again.current?.()
    if (file === null) return
    setArchive(null)
    setRefusal(null)
    act(async (signal) => {
      const found = await readMastodon(file, signal)
      if (found.ok) setArchive(found.value)
      else setRefusal(found.error.code === 'archive-too-large' ? 'tooLarge' : 'notThis')
    })
  }

  // One that the system opened with the app.
  const launched = useSyncExternalStore(subscribeLaunched, launchedFiles)
  const readLaunched = useEffectEvent(() => {
    if (!isBusy && !isBringing) read(takeLaunched('archive').at(-1) ?? null)
  })
  useEffect(() => {
    if (launched.length > 0) readLaunched()
  }, [launched])

  return (
    <Stack>
      <Stack gap="xs">
        <ScreenHead title={t('title')} />
        <Text c="var(--soft)">{t('lead')}</Text>
        <Text>{t('how')}</Text>
      </Stack>
      <Group>
        <FileButton
          resetRef={again}
          accept=".zip,.gz,.tgz,.tar,application/zip,application/gzip"
          onChange={read}
        >
          {(props) => (
            <Button
              {...props}
              leftSection={<IconFileZip size={20} />}
              variant={archive === null ? 'filled' : 'default'}
              disabled={isBusy || isBringing}
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
      {archive !== null && archive.posts.length > 0 && <Choice archive={archive} onBusy={setBringing} />}
    </Stack>
  )
}

interface ChoiceProps {
  readonly archive: MastodonArchive
  readonly onBusy: (isBusy: boolean) => void
}

function Choice({ archive, onBusy }: ChoiceProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const years = useMemo(() => yearsOf(archive), [archive])
  const [from, setFrom] = useState(years[0] ?? 0)
  const [to, setTo] = useState(years.at(-1) ?? 0)
  const [hasUnlisted, setUnlisted] = useState(false)
  const [progress, setProgress] = useState({ done: 0, total: 0 })
  const [brought, setBrought] = useState<Brought | null>(null)
  const { act, cancel, isBusy, error } = useAct()
  const feed = useLive('privateFeed.status').value
  const chosen = useMemo(
    () => choosePosts(archive, { from, to, hasUnlisted }),
    [archive, from, to, hasUnlisted],
  )
  const { posts, files, bytes } = chosen
  const count = posts.length
  const left = useRef(() => {})
  left.current = () => {
    if (isBusy) tell({ color: 'yellow', title: t('stopped'), message: t('again') })
  }
  useEffect(() => () => left.current(), [])
  useEffect(() => onBusy(isBusy), [onBusy, isBusy])

  const begin = (): void => {
    setBrought(null)
    setProgress({ done: 0, total: count })
    act(async (signal) => {
      const options = { signal, sensitive: t('sensitive'), onProgress: asTouch(setProgress) }
      setBrought(await bringPosts(peer, archive.archive, posts, options))
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
  if (brought !== null) return <Done brought={brought} onMore={() => setBrought(null)} />
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
      {chosen.otherYears > 0 && <Text size="sm">{t('otherYears', { count: chosen.otherYears })}</Text>}
      <LeftOut {...archive.leftOut} unlisted={chosen.unlisted} />
      <Text size="sm" c="var(--soft)">
        {feed !== null && t(feed.isPrivate ? 'readers' : 'everybody')}
      </Text>
      {error !== null && <Fault error={error} />}
      <Group>
        <Button disabled={count === 0 || feed === null} onClick={begin}>
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

type LeftOutProps = MastodonArchive['leftOut'] & Pick<Chosen, 'unlisted'>

function LeftOut({ boosts, answers, restricted, unlisted, others }: LeftOutProps): ReactNode {
  const t = useWords(words)
  const lines = [
    ...(boosts === 0 ? [] : [t('boosts', { count: boosts })]),
    ...(answers === 0 ? [] : [t('answers', { count: answers })]),
    ...(restricted === 0 ? [] : [t('restricted', { count: restricted })]),
    ...(unlisted === 0 ? [] : [t('unlistedOut', { count: unlisted })]),
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

interface DoneProps {
  readonly brought: Brought
  readonly onMore: () => void
}

function Done({ brought: { notes, known, lostFiles }, onMore }: DoneProps): ReactNode {
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
        <Button variant="default" onClick={onMore}>
          {t('more')}
        </Button>
      </Group>
    </Section>
  )
}
