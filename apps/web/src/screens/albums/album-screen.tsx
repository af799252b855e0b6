/**
 * One album: its folders, its pictures, its files; to look at, to take, to keep.
 *
 * @module
 */
import type { CollectionFile, Identity, RawCid } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import type { Item } from '@effigy/store'
import { Alert, Anchor, Button, Group, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconDownload, IconPhotoOff } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { Link, useParams, useSearchParams } from 'wouter'
import { asTouch } from '../../app/idle-lock.ts'
import { useOwn } from '../../app/own-identities.ts'
import { Starting } from '../../app/starting.tsx'
import { leave, takeBack as undoLeaving, useIsLeaving } from '../../components/composer/leaving.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Empty } from '../../components/empty.tsx'
import { useFail } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { RichText } from '../../components/rich-text.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useTellUndo } from '../../components/undo-message.tsx'
import { usePerson } from '../../components/use-person.ts'
import { Working } from '../../components/working.tsx'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './albums.module.css'
import { collectionOf } from './collection-of.ts'
import { FolderView } from './folder-view.tsx'
import { packAlbum, saveBlob } from './save-files.ts'
import { readPath } from './use-directory.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { identity = '', content = '' } = useParams<{ identity: string; content: string }>()
  const { type, value } = useLive('resolve', identity as Identity, content as RawCid)
  if (type === 'pending') return <Starting />
  const album = value === null ? null : collectionOf(value)
  return (
    <Stack>
      <Anchor component={Link} href="/albums">
        {t('back')}
      </Anchor>
      {value === null || album === null ? (
        <Gone item={value} identity={identity as Identity} />
      ) : (
        <Here key={album.root} item={value} album={album} />
      )}
    </Stack>
  )
}

interface AlbumProps {
  readonly item: Item
  readonly album: CollectionFile
}

function Here({ item, album }: AlbumProps): ReactNode {
  const isLeaving = useIsLeaving(item.cid)
  return isLeaving ? (
    <Gone item={item} identity={item.identity} isLeaving />
  ) : (
    <Album item={item} album={album} />
  )
}

interface GoneProps {
  readonly item: Item | null
  readonly identity: Identity
  /** Taken back just now: it may come again. */
  readonly isLeaving?: boolean
}

function Gone({ item, identity, isLeaving = false }: GoneProps): ReactNode {
  const t = useWords(words)
  const { name } = usePerson(identity)
  const isErased = isLeaving || item?.state.type === 'erased'
  return (
    <Empty
      icon={IconPhotoOff}
      title={isErased ? t('erased', { name }) : t('gone')}
      text={isErased ? t('erasedText') : t('goneText')}
    >
      <Button component={Link} href="/albums" variant="default">
        {t('back')}
      </Button>
    </Empty>
  )
}

interface Doing {
  readonly name: string
  readonly done: number
  readonly total: number | null
  readonly stop: AbortController
}

function Album({ item, album }: AlbumProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  const [search] = useSearchParams()
  const [doing, setDoing] = useState<Doing | null>(null)
  const running = useRef<AbortController | null>(null)
  const path = search.get('in') ?? ''
  const isOwn = useOwn().has(item.identity)

  async function take(name: string, work: (doing: Doing) => Promise<Blob>, file: string): Promise<void> {
    running.current?.abort()
    const stop = new AbortController()
    running.current = stop
    const begun: Doing = { name, done: 0, total: null, stop }
    setDoing(begun)
    try {
      saveBlob(await work(begun), file)
    } catch (error) {
      if (!stop.signal.aborted) fail(error)
    } finally {
      if (running.current === stop) setDoing(null)
    }
  }

  const told = (begun: Doing) =>
    asTouch((progress: { readonly done: number; readonly total: number }): void => {
      if (running.current === begun.stop) setDoing({ ...begun, ...progress })
    })
  const takeFile = (at: string, name: string): void =>
    void take(
      name,
      (begun) => readPath(peer, album.root, at, { signal: begun.stop.signal, onProgress: told(begun) }),
      name,
    )
  const takeAll = (): void =>
    void take(
      album.name,
      (begun) => packAlbum(peer, album.root, { signal: begun.stop.signal, onProgress: told(begun) }),
      `${album.name}.zip`,
    )

  async function takeBack(): Promise<void> {
    const isMeant = await confirmAct({
      title: t('takeBackTitle'),
      text: t('takeBackText'),
      act: t('takeBack'),
    })
    if (!isMeant) return
    const { cid, identity, content } = item
    leave(peer, { cid, identity, content, how: 'erase', at: Date.now() }, fail)
    tellUndo(t('takenBack'), () => undoLeaving(peer, cid))
  }

  return (
    <Stack>
      <Stack gap={4}>
        <ScreenHead title={<bdi data-others>{album.name}</bdi>} />
        <Text c="var(--soft)" size="sm">
          <Rich words={words} name="by" parts={{ who: <PersonName identity={item.identity} /> }} /> ·{' '}
          <TimeAgo at={item.sort} /> · {t('files', { count: album.count })} · {formatBytes(album.bytes)}
        </Text>
        {album.alt !== undefined && album.alt !== '' && <RichText text={album.alt} />}
      </Stack>
      <Group gap="sm">
        <Button variant="default" leftSection={<IconDownload size={20} />} onClick={takeAll}>
          {t('downloadAll')}
        </Button>
        {isOwn && (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={20} />}
            onClick={() => void takeBack()}
          >
            {t('takeBack')}
          </Button>
        )}
      </Group>
      {!isOwn && <Keep album={album} />}
      {doing !== null && (
        <Alert color="gray">
          <Working
            title={t('downloading', { name: doing.name })}
            done={doing.done}
            total={doing.total}
            {...(doing.total === null
              ? {}
              : { detail: t('ofMany', { at: formatBytes(doing.done), count: formatBytes(doing.total) }) })}
            onCancel={() => doing.stop.abort()}
          />
        </Alert>
      )}
      <Crumbs name={album.name} path={path} />
      <FolderView root={album.root} path={path} download={takeFile} />
    </Stack>
  )
}

/** Stays whatever becomes of the entry that names it. */
function Keep({ album }: { readonly album: CollectionFile }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const { value } = useLive('pins')
  const isKept = value?.includes(album.root) === true

  async function change(): Promise<void> {
    try {
      await (isKept ? peer.unpin(album.root) : peer.pin(album.root))
      notifications.show({ message: t(isKept ? 'keptNoMore' : 'kept'), role: 'status' })
    } catch (error) {
      fail(error)
    }
  }

  return (
    <Switch
      checked={isKept}
      onChange={() => void change()}
      label={t('keep')}
      description={t('keepText')}
      size="md"
    />
  )
}

/** Where one is: each part of the way leads back to it. */
function Crumbs({ name, path }: { readonly name: string; readonly path: string }): ReactNode {
  const t = useWords(words)
  if (path === '') return null
  const parts = path.split('/')
  return (
    <nav aria-label={t('places')}>
      <ol className={classes.crumbs}>
        {['', ...parts].map((part, at) => {
          const to = parts.slice(0, at).join('/')
          const said = at === 0 ? name : part
          return (
            <li key={to}>
              {at > 0 && <span aria-hidden> / </span>}
              {at === parts.length ? (
                <Text span fw={600} aria-current="page">
                  <bdi data-others>{said}</bdi>
                </Text>
              ) : (
                <Anchor component={Link} href={to === '' ? '?' : `?in=${encodeURIComponent(to)}`}>
                  <bdi data-others>{said}</bdi>
                </Anchor>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
