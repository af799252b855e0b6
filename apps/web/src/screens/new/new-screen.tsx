/**
 * Something new to write: from nothing, from a draft, to somebody, or from what another app shared.
 *
 *     /new        /new?to=IDENTITY        /new?quote=IDENTITY/CONTENT        /new?draft=shared/MS        share target ─takeShared▶ text, files
 *
 * @module
 */
import { parseIdentity, parseRawCid } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { type Shared, takeShared } from '../../app/shared.ts'
import { Composer } from '../../components/composer/composer.tsx'
import {
  type DraftName,
  findDraft,
  isEmpty,
  keepDraft,
  keptDrafts,
  type NamedDraft,
  readDraft,
  shareDraft,
} from '../../components/composer/drafts.ts'
import { useFail } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { editPath, notePath, quoteOf, quotePath } from '../../components/note/paths.ts'
import { PersonName } from '../../components/person-name.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useTellUndo } from '../../components/undo-message.tsx'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './new.module.css'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  const isPrivate = useLive('privateFeed.status').value?.isPrivate === true
  const search = useSearch()
  const query = new URLSearchParams(search)
  const to = parseIdentity(query.get('to') ?? '')
  const quote = quoteOf(search)
  const [shared, setShared] = useShared()
  // What one had begun stays beside it: each has a draft of its own.
  const draft = draftOfShared(query.get('draft') ?? '')
  const [taken, setTaken] = useState<DraftName | null>(null)
  const isElsewhere = taken !== null && draft !== taken
  useEffect(() => {
    // It is in its draft from now on.
    if (isElsewhere) setShared(null)
  }, [isElsewhere, setShared])
  if (shared === undefined) return null
  if (shared !== null && taken === null) {
    const take = (): void => {
      const name = `shared/${Date.now()}`
      setTaken(name)
      go(`/new?draft=${name}`, { replace: true })
    }
    return <Handed shared={shared} take={take} leave={() => setShared(null)} />
  }
  return (
    <Stack>
      <ScreenHead title={t('title')} />
      <Composer
        key={draft ?? quote?.content ?? to ?? 'all'}
        autoFocus
        to={to === null ? [] : [to]}
        quote={quote}
        {...(shared === null || isElsewhere ? {} : { text: shared.text, files: shared.files })}
        {...(draft === null ? {} : { draft })}
        onDone={({ type }) => {
          // What is for some is told of where it is written.
          if (type === 'all') notifications.show({ message: t(isPrivate ? 'postedReaders' : 'posted') })
          go('/')
        }}
      />
      <Drafts
        shown={
          draft ??
          (quote !== null ? `quote/${quote.content}/${quote.identity}` : to !== null ? `to/${to}` : 'new')
        }
      />
    </Stack>
  )
}

/** Undefined until it is known. */
function useShared(): readonly [Shared | null | undefined, (shared: Shared | null) => void] {
  const [shared, setShared] = useState<Shared | null>()
  useEffect(() => {
    takeShared().then(setShared, () => setShared(null))
  }, [])
  return [shared, setShared]
}

interface HandedProps {
  readonly shared: Shared
  readonly take: () => void
  readonly leave: () => void
}

/** Whoever handed it over, a person says whether it is to be written about. */
function Handed({ shared: { text, files, from }, take, leave }: HandedProps): ReactNode {
  const t = useWords(words)
  return (
    <Stack>
      <ScreenHead title={t('handedTitle')} />
      <Card withBorder bg="var(--card)">
        <Stack gap="sm">
          <Text>
            {from === null ? (
              t('handedApp')
            ) : (
              <Rich words={words} name="handedPage" parts={{ host: <bdi data-others>{from}</bdi> }} />
            )}
          </Text>
          {text !== '' && (
            <Text lineClamp={6} dir="auto" className={classes.handed ?? ''} data-others>
              {text}
            </Text>
          )}
          {files.length > 0 && (
            <ul className={classes.files}>
              {files.map(({ name, size }, at) => (
                <li key={at}>
                  <bdi data-others>{name}</bdi> · {formatBytes(size)}
                </li>
              ))}
            </ul>
          )}
          <Text size="sm" c="var(--soft)">
            {t('handedNothing')}
          </Text>
          <Group gap="xs">
            <Button onClick={take}>{t('handedTake')}</Button>
            <Button variant="default" onClick={leave}>
              {t('discard')}
            </Button>
          </Group>
        </Stack>
      </Card>
    </Stack>
  )
}

/** What was begun elsewhere, on any own device: to somebody, or as an answer. */
function Drafts({ shown }: { readonly shown: string }): ReactNode {
  const t = useWords(words)
  const values = useLive('state.values', 'draft/').value ?? []
  const everywhere = values.flatMap(({ key, value }): readonly NamedDraft[] => {
    const draft = readDraft(value)
    return draft === null ? [] : [{ name: key.slice('draft/'.length), draft }]
  })
  const [gone, setGone] = useState<readonly DraftName[]>([])
  // Nothing else leads to what was shared.
  const known = new Map([...keptDrafts('shared/'), ...everywhere].map((each) => [each.name, each]))
  const drafts = [...known.values()].filter(
    ({ name, draft }) => !isEmpty(draft) && name !== shown && !gone.includes(name),
  )
  if (drafts.length === 0) return null
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {t('drafts')}
      </Title>
      {[...drafts]
        .sort((a, b) => b.draft.at - a.draft.at)
        .map((one) => (
          <DraftCard
            key={one.name}
            {...one}
            onGone={() => setGone((names) => [...names, one.name])}
            onBack={() => setGone((names) => names.filter((other) => other !== one.name))}
          />
        ))}
    </Stack>
  )
}

interface DraftCardProps extends NamedDraft {
  readonly onGone: () => void
  /** It was not meant. */
  readonly onBack: () => void
}

function DraftCard({ name, draft, onGone, onBack }: DraftCardProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  const [, go] = useLocation()
  const to = name.startsWith('to/') ? parseIdentity(name.slice(3)) : null

  function discard(): void {
    keepDraft(name, null)
    onGone()
    const going = shareDraft(peer, name, null).catch(fail)
    async function bringBack(): Promise<void> {
      // What is shared comes behind what took it away.
      await going
      // Something newer was begun in its place.
      const newer = await findDraft(peer, name)
      if (newer !== null && !isEmpty(newer)) return
      keepDraft(name, draft)
      onBack()
      await shareDraft(peer, name, draft)
    }
    tellUndo(t('discarded'), () => void bringBack().catch(fail))
  }

  const isTalk = name.startsWith('talk/')
  const isOfShared = draftOfShared(name) !== null
  const path = isTalk
    ? `/talks/in/${encodeURIComponent(name.slice(5))}`
    : to !== null
      ? `/new?to=${to}`
      : name === 'new'
        ? '/new'
        : isOfShared
          ? `/new?draft=${name}`
          : pathAbout(name)
  return (
    <Card withBorder bg="var(--card)" p="sm">
      <Stack gap={6}>
        <Text size="sm" c="var(--soft)">
          {to !== null ? (
            <Rich words={words} name="draftTo" parts={{ who: <PersonName identity={to} /> }} />
          ) : name === 'new' || isOfShared ? (
            t('draftNew')
          ) : isTalk ? (
            t('draftTalk')
          ) : name.startsWith('quote/') ? (
            t('draftQuote')
          ) : name.startsWith('edit/') ? (
            t('draftEdit')
          ) : (
            t('draftReply')
          )}{' '}
          <TimeAgo at={draft.at} />
        </Text>
        <Text lineClamp={3} dir="auto" data-others>
          {draft.text}
        </Text>
        <Group gap="xs">
          {path !== null && (
            <Button size="compact-md" variant="light" onClick={() => go(path)}>
              {t('goOn')}
            </Button>
          )}
          <Button size="compact-md" variant="subtle" color="red" onClick={discard}>
            {t('discard')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

/** Null: it is the name of none that began with something shared. */
const draftOfShared = (name: string): DraftName | null => (/^shared\/\d{1,16}$/.test(name) ? name : null)

/** Where a draft goes on that answers, quotes or changes something; null: what it names is nothing. */
function pathAbout(name: string): string | null {
  const [, kind, what = '', who = ''] = /^(reply|quote|edit)\/([^/]+)\/(.+)$/.exec(name) ?? []
  const [identity, content] = [parseIdentity(who), parseRawCid(what)]
  if (identity === null || content === null) return null
  const paths = { quote: quotePath, edit: editPath, reply: notePath }
  return paths[kind as keyof typeof paths]({ identity, content })
}
