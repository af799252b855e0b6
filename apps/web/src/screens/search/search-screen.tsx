/**
 * Search in all that is on this device: posts with the words marked, and people by their names.
 *
 * @module
 */
import { type Item, useLive } from '@effigy/react'
import { Anchor, Button, Group, NativeSelect, Stack, TextInput, Title, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { Avatar } from '../../components/avatar.tsx'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { personPath, tagPath } from '../../components/note/paths.ts'
import { PersonName } from '../../components/person-name.tsx'
import { demandNoSecret } from '../../components/secret-guard/secret-in.ts'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { useKeptTags } from '../home/kept-tags.ts'
import { Found } from './found.tsx'
import { words } from './words.ts'

const dayMs = 86_400_000
const spans = { anyTime: null, week: 7 * dayMs, month: 30 * dayMs, year: 365 * dayMs } as const
type Span = keyof typeof spans

const waitMs = 250

const mostTags = 8

export function Screen(): ReactNode {
  const t = useWords(words)
  const [parameters] = useSearchParams()
  const [, go] = useLocation()
  const [text, setText] = useState(parameters.get('q') ?? '')
  const [span, setSpan] = useState<Span>('anyTime')
  const [typed] = useDebouncedValue(text.trim(), waitMs)
  const { settled, refusal } = useHarmless(typed)
  // The address says what is looked for, so that Back finds it again.
  useEffect(() => {
    const path = settled === '' ? '/search' : `/search?q=${encodeURIComponent(settled)}`
    if (`${location.pathname}${location.search}` !== path) go(path, { replace: true })
  }, [settled, go])
  return (
    <Stack>
      <VisuallyHidden>
        <Title order={1}>{t('title')}</Title>
      </VisuallyHidden>
      <TextInput
        type="search"
        aria-label={t('field')}
        placeholder={t('placeholder')}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        leftSection={<IconSearch size={20} aria-hidden />}
        autoFocus={text === ''}
        autoComplete="off"
      />
      {refusal !== null && <Fault error={refusal} />}
      {settled === '' ? (
        <Empty icon={IconSearch} title={t('startTitle')} text={t('start')}>
          <KeptTags />
        </Empty>
      ) : (
        <>
          <Group justify="space-between">
            <TagLink text={settled} />
            <NativeSelect
              aria-label={t('when')}
              size="sm"
              value={span}
              onChange={({ currentTarget }) => setSpan(currentTarget.value as Span)}
              data={(Object.keys(spans) as Span[]).map((value) => ({ value, label: t(value) }))}
            />
          </Group>
          <People text={settled} />
          <Results key={`${span} ${settled}`} text={settled} span={span} anyTime={() => setSpan('anyTime')} />
        </>
      )}
    </Stack>
  )
}

/** What one wanted to come back to; else where there is more to find. */
function KeptTags(): ReactNode {
  const t = useWords(words)
  const tags = useKeptTags().slice(0, mostTags)
  if (tags.length === 0) {
    return (
      <Button component={Link} href="/people" variant="default">
        {t('findPeople')}
      </Button>
    )
  }
  return (
    <Group justify="center" gap="xs">
      {tags.map((tag) => (
        <Button key={tag} component={Link} href={tagPath(tag)} variant="default" size="sm">
          <bdi data-others>#{tag}</bdi>
        </Button>
      ))}
    </Group>
  )
}

/** What was typed, once it is known to hold no secret: addresses are kept by browsers. */
function useHarmless(typed: string): { readonly settled: string; readonly refusal: unknown } {
  const [looked, setLooked] = useState<{ readonly settled: string; readonly refusal: unknown }>({
    settled: '',
    refusal: null,
  })
  useEffect(() => {
    let isOver = false
    demandNoSecret(typed).then(
      () => !isOver && setLooked({ settled: typed, refusal: null }),
      (refusal: unknown) => !isOver && setLooked({ settled: '', refusal }),
    )
    return () => {
      isOver = true
    }
  }, [typed])
  return looked
}

function TagLink({ text }: { readonly text: string }): ReactNode {
  const t = useWords(words)
  const label = text.replace(/^#/, '')
  if (label === '' || /\s/u.test(label)) return <span />
  return (
    <Anchor component={Link} href={tagPath(label)} data-others>
      {t('tag', { label })}
    </Anchor>
  )
}

/** Shown at once; the whole list is People's. */
const mostPeople = 5

function People({ text }: { readonly text: string }): ReactNode {
  const t = useWords(words)
  const { value } = useLive('people.list', 'near', { search: text, limit: mostPeople })
  if (value === null || value.items.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label={t('people')}>
      {value.items.map(({ identity }) => (
        <PersonLine key={identity} identity={identity} />
      ))}
    </Stack>
  )
}

function PersonLine({ identity }: { readonly identity: Item['identity'] }): ReactNode {
  const person = usePerson(identity)
  return (
    <Button
      component={Link}
      href={personPath(identity)}
      variant="default"
      justify="start"
      ta="start"
      size="lg"
      leftSection={<Avatar {...person} size={32} />}
    >
      <PersonName identity={identity} />
    </Button>
  )
}

interface ResultsProps {
  readonly text: string
  readonly span: Span
  readonly anyTime: () => void
}

function Results({ text, span, anyTime }: ResultsProps): ReactNode {
  // The last word may still be typed.
  const query = /[\p{L}\p{N}]$/u.test(text) ? `${text}*` : text
  const [since] = useState(() => (spans[span] === null ? null : Date.now() - spans[span]))
  return <Found query={query} since={since} name={`search ${span} ${text}`} anyTime={anyTime} />
}
