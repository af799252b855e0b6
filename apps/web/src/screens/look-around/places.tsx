/**
 * What there is to look around in: as in the app, without what would write.
 *
 * @module
 */
import type { ContentName, Identity } from '@effigy/core'
import { type Item, type PersonView, useLive, useTimeline } from '@effigy/react'
import { Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, Redirect } from 'wouter'
import { Avatar } from '../../components/avatar.tsx'
import { BackButton } from '../../components/back-button.tsx'
import { ItemList } from '../../components/list/item-list.tsx'
import { Waiting } from '../../components/list/waiting.tsx'
import { personPath } from '../../components/note/paths.ts'
import { NoteCard } from '../../components/note-card.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { RichText } from '../../components/rich-text.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { PersonHead } from '../person/person-head.tsx'
import { PersonNotes } from '../person/person-notes.tsx'
import { Conversation } from '../thread/thread-screen.tsx'
import { words as threadWords } from '../thread/words.ts'
import classes from './look-around.module.css'
import { words } from './words.ts'

const keyOf = ({ cid }: Item): string => cid
const row = (item: Item): ReactNode => <NoteCard item={item} />

export function Timeline({ people }: { readonly people: readonly Identity[] }): ReactNode {
  const t = useWords(words)
  const list = useTimeline()
  return (
    <>
      <ul className={classes.people} aria-label={t('people')}>
        {people.map((identity) => (
          <li key={identity}>
            <Somebody identity={identity} />
          </li>
        ))}
      </ul>
      {list.type === 'pending' && <Waiting />}
      {list.items.length > 0 && <ItemList list={list} keyOf={keyOf} row={row} name="look-around" />}
    </>
  )
}

function Somebody({ identity }: { readonly identity: Identity }): ReactNode {
  const person = usePerson(identity)
  return (
    <Link href={personPath(identity)} className={classes.somebody}>
      {/* Their name stands below. */}
      <span aria-hidden>
        <Avatar {...person} size={56} />
      </span>
      <span className={classes.name}>
        <PersonName identity={identity} />
      </span>
    </Link>
  )
}

const answerHere = (): ReactNode => <AnswerHere />

export function OneConversation({ name }: { readonly name: ContentName }): ReactNode {
  const t = useWords(threadWords)
  const { type, value: item } = useLive('resolve', name.identity, name.content)
  if (type === 'ready' && item === null) return <Redirect to="/" replace />
  return (
    <Stack gap="sm">
      <ScreenHead title={t('title')} />
      {item === null ? <Waiting /> : <Conversation asked={item} write={answerHere} />}
    </Stack>
  )
}

function AnswerHere(): ReactNode {
  const t = useWords(words)
  return <p className={classes.here}>{t('answerHere')}</p>
}

export function OnePerson({ person }: { readonly person: PersonView }): ReactNode {
  return (
    <Stack gap="md">
      <Group className={classes.back ?? ''}>
        <BackButton />
      </Group>
      <PersonHead person={person} menu={null} />
      <RichText text={person.about} />
      <PersonNotes person={person} />
    </Stack>
  )
}

export function OneTag({ label }: { readonly label: string }): ReactNode {
  const list = useTimeline({ tag: label, comments: true, hops: true })
  return (
    <Stack>
      <ScreenHead title={<bdi data-others>#{label}</bdi>} />
      {list.type === 'pending' && <Waiting />}
      {list.items.length > 0 && (
        <ItemList list={list} keyOf={keyOf} row={row} name={`look-around tag ${label}`} />
      )}
      {list.type === 'ready' && list.items.length === 0 && <Redirect to="/" replace />}
    </Stack>
  )
}
