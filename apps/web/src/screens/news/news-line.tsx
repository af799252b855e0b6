/**
 * One thing that happened: who, what, when, and a glimpse of it.
 *
 * @module
 */
import type { Payload } from '@effigy/core'
import type { Item } from '@effigy/react'
import { Text } from '@mantine/core'
import { IconAt, IconMessageCircle, IconMoodSmile, IconUserPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Avatar } from '../../components/avatar.tsx'
import { inOneLine, oneLine } from '../../components/note/one-line.ts'
import { notePath, personPath } from '../../components/note/paths.ts'
import { PersonName } from '../../components/person-name.tsx'
import { plainText } from '../../components/plain-text.ts'
import { TimeAgo } from '../../components/time-ago.tsx'
import { usePerson } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Bundle } from './bundles.ts'
import classes from './news.module.css'
import { words } from './words.ts'

const signs = {
  reply: IconMessageCircle,
  mention: IconAt,
  reaction: IconMoodSmile,
  follow: IconUserPlus,
} as const

/** Labels that are told of one line. */
const mostLabels = 3

export function NewsLine({ bundle, isNew }: { readonly bundle: Bundle; readonly isNew: boolean }): ReactNode {
  const t = useWords(words)
  const [newest, ...more] = bundle.notices
  const { kind, item, target } = newest
  const person = usePerson(item.identity)
  const Sign = signs[kind]
  const about = kind === 'reaction' ? target : kind === 'follow' ? null : item
  const name = kind === 'reaction' && more.length > 0 ? 'reactions' : kind
  return (
    <Link
      href={kind === 'follow' ? personPath(item.identity) : notePath(about ?? item)}
      className={classes.line}
      data-unread={isNew || undefined}
    >
      <span className={classes.face}>
        <Avatar {...person} />
        <span className={classes.sign}>
          <Sign size={13} stroke={2} aria-hidden />
        </span>
      </span>
      <span>
        <Text span display="block" fw={isNew ? 600 : 400}>
          <Rich
            words={words}
            name={name}
            values={{ count: more.length, labels: labelsOf(bundle) }}
            parts={{ who: <PersonName identity={item.identity} /> }}
          />{' '}
          <Text span size="sm" c="var(--soft)" fw={400}>
            <TimeAgo at={item.sort} />
            {isNew && ` · ${t('unread')}`}
          </Text>
        </Text>
        {about !== null && (
          <span className={classes.said} dir="auto" data-others>
            {glimpse(about) || t('yourPicture')}
          </span>
        )}
      </span>
    </Link>
  )
}

function labelsOf({ notices }: Bundle): string {
  const labels = notices.flatMap(({ item: { state } }) =>
    state.type === 'shown' && state.payload.type === 'tag' ? state.payload.labels : [],
  )
  return [...new Set(labels)].slice(0, mostLabels).join(' ')
}

/** UTF-16 units: shown, and looked at for it. */
const maxGlimpse = 300
const mostRead = 2_560

/** Its words; of what stands behind a warning, the warning. */
function glimpse({ state }: Item): string {
  return state.type === 'shown' ? textOf(state.payload).slice(0, maxGlimpse) : ''
}

function textOf(payload: Payload): string {
  switch (payload.type) {
    case 'public_note':
    case 'comment':
      return oneLine(payload, mostRead)
    case 'image':
      return inOneLine(plainText(payload.alt.slice(0, mostRead)))
    case 'media':
      return payload.name ?? payload.alt ?? ''
    case 'collection':
      return payload.name
    default:
      return ''
  }
}
