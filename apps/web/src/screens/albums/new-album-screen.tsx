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
import { useFail } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { ScreenHead } from '../../components/screen-head.tsx'
import { demandNoSecret } from '../../components/secret-guard/secret-in.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './albums.module.css'
import { type Chosen, chosenOf, droppedOf, maxFiles, together } from './chosen-files.ts'
import { albumPath } from './collection-of.ts'
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
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const total = chosen.files.reduce((sum, { file }) => sum + file.size, 0)

  function add(more: Chosen): void {
    const all = together(chosen, more)
    if (all.files.length > maxFiles) {
      notifications.show({
        color: 'red',
        message: t('tooMany', { count: formatNumber(maxFiles) }),
        role: 'alert',
      })
      return
    }
    setChosen(all)
    if (name === '') setName(all.name)
  }

  async function share(event: FormEvent): Promise<void> {
    event.preventDefault()
    const work = new AbortController()
    stop.current = work
    setDone(0)
    try {
      await demandNoSecret(name, about)
      const entries = chosen.files.map(({ path, file }) => ({ path, content: file }))
      const { root, files, size, cleaned } = await peer.addDirectory(entries, {
        signal: work.signal,
        onProgress: (progress) => setDone(progress.done),
      })
      work.signal.throwIfAborted()
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
      const lost = cleaned.length === 0 ? '' : t('cleaned', { count: cleaned.length })
      notifications.show({ title: t('shared'), message: lost, color: 'green', role: 'status' })
      go(albumPath({ identity: peer.identity, content }), { replace: true })
    } catch (error) {
      if (!work.signal.aborted) fail(error)
    } finally {
      if (stop.current === work) setDone(null)
    }
  }

  return (
    <Stack component="form" onSubmit={(event: FormEvent) => void share(event)}>
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
          title={t('packing', { name: name.trim() })}
          done={done}
          total={Math.max(total, done)}
          detail={t('ofMany', { at: formatBytes(done), count: formatBytes(total) })}
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
