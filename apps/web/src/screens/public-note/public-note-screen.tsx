/**
 * A public note for who has no account: what was written, by whom, with its pictures and answers; and the way in.
 *
 * @module
 */
import type { Attachment, Cid, Identity, ImageFile } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { Button, Card, Group, Loader, Avatar as MantineAvatar, Stack, Text, Title } from '@mantine/core'
import { IconMessageCircleOff, IconPhoto, IconPhotoOff } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Link } from 'wouter'
import { initialsOf } from '../../components/avatar.tsx'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { personPath } from '../../components/note/paths.ts'
import { RichText } from '../../components/rich-text.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import type { PublicNote, ReadPayload } from './check-note.ts'
import { type Heard, heardOf } from './heard-of.ts'
import classes from './public-note.module.css'
import { type NoteName, readNote, readPublicFile } from './read-note.ts'
import { words } from './words.ts'

export interface PublicNoteProps {
  readonly name: NoteName
  /** The person wants an account. */
  readonly begin: () => void
}

type Answer =
  | { readonly type: 'pending' }
  | { readonly type: 'ready'; readonly note: PublicNote | null }
  | { readonly type: 'failed'; readonly error: unknown }

const patienceMs = 20_000

/** What the hub that serves this page has of it, and how it is asked again. */
function useHubNote(name: NoteName): readonly [Answer, () => void] {
  const [answer, setAnswer] = useState<Answer>({ type: 'pending' })
  const [tries, setTries] = useState(0)
  const { identity, content } = name
  useEffect(() => {
    const until = new AbortController()
    const signal = AbortSignal.any([until.signal, AbortSignal.timeout(patienceMs)])
    setAnswer({ type: 'pending' })
    readNote({ identity, content }, signal).then(
      (note) => {
        if (!until.signal.aborted) setAnswer({ type: 'ready', note })
      },
      () => {
        if (!until.signal.aborted) setAnswer({ type: 'failed', error: { code: 'unreachable' } })
      },
    )
    return () => until.abort()
  }, [identity, content, tries])
  return [answer, () => setTries(tries + 1)]
}

/** For who has an account, and not this note: read, and kept nowhere. */
export function FromHub({
  name,
  absent,
}: {
  readonly name: NoteName
  readonly absent: ReactNode
}): ReactNode {
  const t = useWords(words)
  const [answer] = useHubNote(name)
  switch (answer.type) {
    case 'pending':
      return <Loader aria-label={t('loading')} />
    case 'failed':
      return absent
    case 'ready':
      if (answer.note === null) return absent
      return (
        <>
          <Inside note={answer.note} />
          <Button component={Link} href={personPath(name.identity)} variant="default">
            {t('author')}
          </Button>
        </>
      )
  }
}

export function Screen({ name, begin }: PublicNoteProps): ReactNode {
  const t = useWords(words)
  const [answer, again] = useHubNote(name)
  return (
    <main className={classes.frame}>
      <Stack>
        {answer.type === 'pending' && <Loader aria-label={t('loading')} />}
        {answer.type === 'failed' && (
          <Fault error={answer.error}>
            <Button variant="default" onClick={again}>
              {t('again')}
            </Button>
          </Fault>
        )}
        {answer.type === 'ready' && answer.note === null && (
          <Empty icon={IconMessageCircleOff} title={t('goneTitle')} text={t('gone')}>
            <Button variant="default" onClick={again}>
              {t('again')}
            </Button>
          </Empty>
        )}
        {answer.type === 'ready' && answer.note !== null && <Read note={answer.note} />}
        {answer.type !== 'pending' && (
          <Card withBorder bg="var(--card)" component="section">
            <Stack align="start" gap="sm">
              <Title order={2} size="h3">
                {t('joinTitle')}
              </Title>
              <Text>{t('join')}</Text>
              <Button onClick={begin}>{t('begin')}</Button>
            </Stack>
          </Card>
        )}
      </Stack>
    </main>
  )
}

/** Whoever has an account has said whom they hear. */
function Inside({ note }: { readonly note: PublicNote }): ReactNode {
  const t = useWords(words)
  const { people } = usePeer()
  const [heard, setHeard] = useState<Heard | null>(null)
  useEffect(() => {
    let isOver = false
    heardOf(note, people).then(
      (found) => {
        if (!isOver) setHeard(found)
      },
      // The note itself was asked for; of the rest nobody knows whether it is to be shown.
      () => {
        if (!isOver) setHeard({ answers: [], friends: new Set() })
      },
    )
    return () => {
      isOver = true
    }
  }, [note, people])
  if (heard === null) return <Loader aria-label={t('loading')} />
  return <Read note={{ ...note, answers: heard.answers }} friends={heard.friends} />
}

interface ReadProps {
  readonly note: PublicNote
  /** Whose pictures are shown unasked, on a screen that has its own title; null: everybody's, on a page of its own. */
  readonly friends?: ReadonlySet<Identity> | null
}

function Read({ note, friends = null }: ReadProps): ReactNode {
  const isInside = friends !== null
  const isOpen = ({ identity }: ReadPayload): boolean => friends === null || friends.has(identity)
  const t = useWords(words)
  const name = nameOf(note, note.identity) ?? t('somebody')
  const title = t('title', { name })
  useEffect(() => {
    if (!isInside) document.title = title
  }, [title, isInside])
  return (
    <>
      {!isInside && (
        <Title order={1} className={classes.hidden ?? ''}>
          {title}
        </Title>
      )}
      <Said note={note} said={note} isOpen={isOpen(note)} isMain />
      <Text size="sm" c="var(--soft)">
        {t('checked')}
      </Text>
      {note.answers.length > 0 && (
        <Stack component="section" gap="sm">
          <Title order={2} size="h3">
            {t('answers', { count: note.answers.length })}
          </Title>
          {note.answers.map((answer) => (
            <Said key={answer.content} note={note} said={answer} isOpen={isOpen(answer)} />
          ))}
        </Stack>
      )}
    </>
  )
}

function nameOf({ profiles }: PublicNote, identity: Identity): string | null {
  const name = profiles.get(identity)?.payload.name.trim() ?? ''
  return name === '' ? null : name
}

interface SaidProps {
  readonly note: PublicNote
  readonly said: ReadPayload
  /** Its pictures are shown unasked. */
  readonly isOpen: boolean
  readonly isMain?: boolean
}

function Said({ note, said, isOpen, isMain = false }: SaidProps): ReactNode {
  const t = useWords(words)
  const [isShown, setShown] = useState(false)
  const { identity, payload } = said
  const name = nameOf(note, identity) ?? t('somebody')
  const isNote = payload.type === 'public_note' || payload.type === 'comment'
  const warning = isNote ? (payload.cw ?? null) : null
  return (
    <Card withBorder bg="var(--card)" component="article" className={isMain ? (classes.main ?? '') : ''}>
      <Stack gap="sm">
        <Group wrap="nowrap" gap="sm">
          <Face note={note} identity={identity} name={name} />
          <div>
            <Text fw={600}>
              <bdi data-others>{name}</bdi>
            </Text>
            <Text size="sm" c="var(--soft)">
              <TimeAgo at={payload.at} />
            </Text>
          </div>
        </Group>
        {warning !== null && !isShown ? (
          <Stack align="start" gap="xs">
            <Text fw={600}>
              <bdi data-others>{warning}</bdi>
            </Text>
            <Button variant="default" size="sm" onClick={() => setShown(true)}>
              {t('showAll')}
            </Button>
          </Stack>
        ) : (
          <>
            {isNote && <RichText text={payload.text} />}
            <Attached said={said} isOpen={isOpen} />
          </>
        )}
      </Stack>
    </Card>
  )
}

type AttachedProps = Pick<SaidProps, 'said' | 'isOpen'>

function Attached(props: AttachedProps): ReactNode {
  const { payload } = props.said
  switch (payload.type) {
    case 'image':
    case 'media':
    case 'collection':
      return <OneAttached {...props} attachment={payload as Attachment} />
    case 'public_note':
    case 'comment':
      return (payload.attachments ?? []).map((attachment, at) => (
        <OneAttached key={keyOf(attachment, at)} {...props} attachment={attachment} />
      ))
    default:
      return null
  }
}

function keyOf(attachment: Attachment, at: number): string {
  return `${at} ${'blob' in attachment ? attachment.blob : attachment.type}`
}

function OneAttached({
  said,
  isOpen,
  attachment,
}: AttachedProps & { readonly attachment: Attachment }): ReactNode {
  const t = useWords(words)
  switch (attachment.type) {
    case 'image':
      return <Picture said={said} isOpen={isOpen} picture={attachment} />
    case 'collection':
      return (
        <Text>
          {t('album', { name: attachment.name })} · {t('files', { count: attachment.count })}
        </Text>
      )
    case 'media':
      return <Text c="var(--soft)">{t('film')}</Text>
    default:
      return null
  }
}

function usePublicFile(name: NoteName | null, file: Cid | null, mime: string): string | null | undefined {
  const [url, setUrl] = useState<string | null>()
  const identity = name?.identity ?? null
  const content = name?.content ?? null
  useEffect(() => {
    if (identity === null || content === null || file === null) return
    const until = new AbortController()
    let made: string | null = null
    readPublicFile({ identity, content }, file, mime, until.signal).then(
      (blob) => {
        if (until.signal.aborted) return
        made = blob === null ? null : URL.createObjectURL(blob)
        setUrl(made)
      },
      () => {
        if (!until.signal.aborted) setUrl(null)
      },
    )
    return () => {
      until.abort()
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [identity, content, file, mime])
  return url
}

function Picture({ said, isOpen, picture }: AttachedProps & { readonly picture: ImageFile }): ReactNode {
  const t = useWords(words)
  const [isWanted, setWanted] = useState(isOpen)
  const url = usePublicFile(said, isWanted ? picture.blob : null, picture.mime)
  const alt = picture.alt === '' ? t('picture') : picture.alt
  if (url === null) {
    return (
      <Text c="var(--soft)">
        <IconPhotoOff size={18} aria-hidden /> {t('pictureMissing')} <bdi data-others>{picture.alt}</bdi>
      </Text>
    )
  }
  if (!isWanted) {
    return (
      <Group gap="sm">
        <Button variant="default" leftSection={<IconPhoto size={20} />} onClick={() => setWanted(true)}>
          {t('showPicture')}
        </Button>
        <Text size="sm" c="var(--soft)">
          {t('strangerPicture')}
        </Text>
      </Group>
    )
  }
  return (
    <div className={classes.picture} style={{ aspectRatio: `${picture.width} / ${picture.height}` }}>
      {url !== undefined && <img src={url} alt={alt} data-others />}
    </div>
  )
}

interface FaceProps {
  readonly note: PublicNote
  readonly identity: Identity
  readonly name: string
}

function Face({ note, identity, name }: FaceProps): ReactNode {
  const profile = note.profiles.get(identity) ?? null
  const picture = profile?.payload.avatar ?? null
  const url = usePublicFile(profile, picture?.blob ?? null, picture?.mime ?? '')
  return (
    // The name stands beside it.
    <MantineAvatar src={url ?? null} alt="" size={44} radius="xl">
      {initialsOf(name)}
    </MantineAvatar>
  )
}
