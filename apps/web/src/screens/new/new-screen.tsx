/**
 * Something new to write: from nothing, from a draft, to somebody, or from what another app shared.
 *
 *     /new        /new?to=IDENTITY        share target ─takeShared▶ text, files
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { type Shared, takeShared } from '../../app/shared.ts'
import { Composer } from '../../components/composer/composer.tsx'
import { type Draft, isEmpty, keepDraft, readDraft, shareDraft } from '../../components/composer/drafts.ts'
import { useFail } from '../../components/fault.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  const to = parseIdentity(new URLSearchParams(useSearch()).get('to') ?? '')
  const shared = useShared()
  if (shared === undefined) return null
  return (
    <Stack>
      <Title order={1}>{t('title')}</Title>
      <Composer
        key={to ?? 'all'}
        autoFocus
        to={to === null ? [] : [to]}
        {...(shared === null ? {} : shared)}
        onDone={() => {
          notifications.show({ message: t('posted') })
          go('/')
        }}
      />
      <Drafts here={to} />
    </Stack>
  )
}

/** Undefined until it is known. */
function useShared(): Shared | null | undefined {
  const [shared, setShared] = useState<Shared | null>()
  useEffect(() => {
    takeShared().then(setShared, () => setShared(null))
  }, [])
  return shared
}

interface Known {
  /** Behind `draft/`. */
  readonly name: string
  readonly draft: Draft
}

/** What was begun elsewhere, on any own device: to somebody, or as an answer. */
function Drafts({ here }: { readonly here: Identity | null }): ReactNode {
  const t = useWords(words)
  const values = useLive('state.values', 'draft/').value ?? []
  const shown = here === null ? 'new' : `to/${here}`
  const drafts = values.flatMap(({ key, value }): readonly Known[] => {
    const draft = readDraft(value)
    const name = key.slice('draft/'.length)
    return draft === null || isEmpty(draft) || name === shown ? [] : [{ name, draft }]
  })
  if (drafts.length === 0) return null
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {t('drafts')}
      </Title>
      {[...drafts]
        .sort((a, b) => b.draft.at - a.draft.at)
        .map((known) => (
          <DraftCard key={known.name} {...known} />
        ))}
    </Stack>
  )
}

function DraftCard({ name, draft }: Known): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [, go] = useLocation()
  const to = name.startsWith('to/') ? parseIdentity(name.slice(3)) : null
  const answered = useAnswered(name)

  function discard(): void {
    keepDraft(peer.identity, name, null)
    shareDraft(peer, name, null).catch(fail)
  }

  const isTalk = name.startsWith('talk/')
  const path = isTalk
    ? `/talks/in/${encodeURIComponent(name.slice(5))}`
    : to !== null
      ? `/new?to=${to}`
      : name === 'new'
        ? '/new'
        : answered
  return (
    <Card withBorder bg="var(--card)" p="sm">
      <Stack gap={6}>
        <Text size="sm" c="var(--soft)">
          {to !== null ? (
            <Rich words={words} name="draftTo" parts={{ who: <PersonName identity={to} /> }} />
          ) : name === 'new' ? (
            t('draftNew')
          ) : isTalk ? (
            t('draftTalk')
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

/** Where the note is that a draft answers; null: it is not known here. */
function useAnswered(name: string): string | null {
  const [, content, identity] = /^reply\/([^/]+)\/(.+)$/.exec(name) ?? []
  return content === undefined || identity === undefined ? null : `/n/${identity}/${content}`
}
