/**
 * A new album: files are dropped or chosen, named, and shared with everyone.
 *
 * @module
 */
import type { Payload } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { ActionIcon, Alert, Button, FileButton, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFile, IconFolderPlus, IconPhotoPlus, IconWorld, IconX } from '@tabler/icons-react'
import { type DragEvent, type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { asTouch } from '../../app/idle-lock.ts'
import { useFail } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { ScreenHead } from '../../components/screen-head.tsx'
import { demandNoSecret } from '../../components/secret-guard/secret-in.ts'
import { tellFault } from '../../components/tell.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './albums.module.css'
import { type Chosen, type ChosenFile, chosenOf, droppedOf, maxFiles, together } from './chosen-files.ts'
import { albumPath } from './collection-of.ts'
import { fitFiles, type Refused, readInTurn } from './fit-files.ts'
import { RefusedList } from './refused-list.tsx'
import { words } from './words.ts'

const nothing: Chosen = { files: [], name: '' }

/** Of the list that one looks over. */
const shownFiles = 8

export function Screen(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [, go] = useLocation()
  const [chosen, setChosen] = useState<Chosen>(nothing)
  const [name, setName] = useState('')
  const [about, setAbout] = useState('')
  const [done, setDone] = useState<number | null>(null)
  /** Of the pictures that are made fit first. */
  const [fitting, setFitting] = useState<{ readonly at: number; readonly count: number } | null>(null)
  const [refused, setRefused] = useState<readonly Refused[]>([])
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const total = chosen.files.reduce((sum, { file }) => sum + file.size, 0)

  function add(more: Chosen): void {
    const all = together(chosen, more)
    if (all.files.length > maxFiles) {
      tellFault(null, t('tooMany', { count: formatNumber(maxFiles) }))
      return
    }
    setChosen(all)
    setRefused([])
    if (name === '') setName(all.name)
  }

  async function share(wanted: readonly ChosenFile[]): Promise<void> {
    const work = new AbortController()
    const { signal } = work
    stop.current = work
    setRefused([])
    setDone(0)
    try {
      await demandNoSecret(name, about)
      const fit = await fitFiles(wanted, {
        signal,
        onProgress: asTouch((at, count) => setFitting({ at, count })),
      })
      setFitting(null)
      if (fit.refused.length > 0) return setRefused(fit.refused)
      const added = await addInTurn(fit.files, signal)
      if (added === null) return
      const { root, files, size } = added
      signal.throwIfAborted()
      const said = about.trim()
      const payload = {
        type: 'collection',
        at: Date.now(),
        root,
        name: name.trim(),
        count: files,
        bytes: size,
      }
      const { content } = await peer.publish({
        ...payload,
        ...(said === '' ? {} : { alt: said }),
      } as Payload)
      const cleaned = fit.cleaned + added.cleaned.length
      const lost = cleaned === 0 ? '' : t('cleaned', { count: cleaned })
      notifications.show({ title: t('shared'), message: lost, color: 'green', role: 'status' })
      go(albumPath({ identity: peer.identity, content }), { replace: true })
    } catch (error) {
      if (!signal.aborted) fail(error)
    } finally {
      if (stop.current === work) {
        setDone(null)
        setFitting(null)
      }
    }
  }

  /** Null: one of them is refused, and shown. Rejects as `addDirectory` does where no file is to blame. */
  async function addInTurn(
    files: readonly ChosenFile[],
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<typeof peer.addDirectory>> | null> {
    const { entries, refusedBy } = readInTurn(files)
    try {
      return await peer.addDirectory(entries, {
        signal,
        onProgress: asTouch((progress) => setDone(progress.done)),
      })
    } catch (error) {
      const blamed = signal.aborted ? null : refusedBy(error)
      if (blamed === null) throw error
      setRefused([blamed])
      return null
    }
  }

  function goOnWithout(): void {
    const files = chosen.files.filter(({ path }) => !refused.some((one) => one.path === path))
    setChosen({ ...chosen, files })
    setRefused([])
    if (files.length > 0) void share(files)
  }

  return (
    <Stack
      component="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        // Enter in the name asks again while it is on its way.
        if (done === null) void share(chosen.files)
      }}
    >
      <ScreenHead title={t('newTitle')} />
      <Drop add={add} />
      {chosen.files.length > 0 && (
        <>
          <Text fw={600} role="status">
            {t('chosen', { count: chosen.files.length, size: formatBytes(total) })}
          </Text>
          <ChosenList chosen={chosen} change={setChosen} />
        </>
      )}
      <TextInput
        label={t('name')}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        maxLength={80}
        required
        dir="auto"
      />
      <Textarea
        label={t('about')}
        description={t('aboutHelp')}
        value={about}
        onChange={({ currentTarget }) => setAbout(currentTarget.value)}
        maxLength={1_000}
        autosize
        minRows={2}
        dir="auto"
      />
      <Alert color="gray" icon={<IconWorld />}>
        {t('everyone')}
      </Alert>
      {refused.length > 0 && <RefusedList refused={refused} goOn={goOnWithout} />}
      {done === null ? (
        <Group justify="flex-end">
          <Button variant="default" onClick={() => go('/albums')}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={chosen.files.length === 0 || name.trim() === ''}>
            {t('share')}
          </Button>
        </Group>
      ) : (
        <Working
          {...(fitting === null
            ? {
                title: t('packing', { name: name.trim() }),
                done,
                total: Math.max(total, done),
                detail: t('ofMany', { at: formatBytes(done), count: formatBytes(total) }),
              }
            : {
                title: t('fitting'),
                done: fitting.at,
                total: fitting.count,
                detail: t('ofMany', { at: formatNumber(fitting.at), count: formatNumber(fitting.count) }),
              })}
          onCancel={() => stop.current?.abort()}
        />
      )}
    </Stack>
  )
}

function Drop({ add }: { readonly add: (chosen: Chosen) => void }): ReactNode {
  const t = useWords(words)
  const fail = useFail()
  const [isOver, setOver] = useState(false)

  function drop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    droppedOf(event.dataTransfer).then(add, fail)
  }

  function take(files: File[] | null): void {
    if (files !== null && files.length > 0) add(chosenOf(files))
  }

  return (
    // Everything in it can be done with its buttons too.
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files onto has no keys of its own
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Stack align="center" gap="sm">
        <Text visibleFrom="sm">{t('drop')}</Text>
        <Text visibleFrom="sm" size="sm" c="var(--soft)">
          {t('or')}
        </Text>
        <Group justify="center">
          <FileButton multiple onChange={take}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconPhotoPlus size={20} />}>
                {t('chooseFiles')}
              </Button>
            )}
          </FileButton>
          <FileButton multiple onChange={take} inputProps={{ webkitdirectory: '' } as Record<string, string>}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFolderPlus size={20} />}>
                {t('chooseFolder')}
              </Button>
            )}
          </FileButton>
        </Group>
      </Stack>
    </div>
  )
}

interface ChosenListProps {
  readonly chosen: Chosen
  readonly change: (chosen: Chosen) => void
}

function ChosenList({ chosen, change }: ChosenListProps): ReactNode {
  const t = useWords(words)
  const rest = chosen.files.length - shownFiles
  return (
    <ul className={classes.rows}>
      {chosen.files.slice(0, shownFiles).map(({ path, file }) => (
        <li key={path} className={classes.row}>
          <IconFile size={24} stroke={1.6} aria-hidden />
          <div>
            <Text>
              <bdi data-others>{path}</bdi>
            </Text>
            <Text size="sm" c="var(--soft)">
              {formatBytes(file.size)}
            </Text>
          </div>
          <ActionIcon
            aria-label={t('remove', { name: path })}
            onClick={() => change({ ...chosen, files: chosen.files.filter((one) => one.path !== path) })}
          >
            <IconX size={20} />
          </ActionIcon>
        </li>
      ))}
      {rest > 0 && <li className={classes.row}>{t('andMore', { count: rest })}</li>}
    </ul>
  )
}
