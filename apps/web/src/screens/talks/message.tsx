/**
 * One message: what was said, when, and what can be done with it.
 *
 * @module
 */
import { usePeer } from '@effigy/react'
import type { Item } from '@effigy/store'
import { ActionIcon, Menu, Modal, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconClock, IconCopy, IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { memo, type ReactNode, Suspense, useState } from 'react'
import { late } from '../../app/late.tsx'
import { leave, takeBack, useIsLeaving } from '../../components/composer/leaving.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { formatTime } from '../../components/format.ts'
import { attachmentsOf } from '../../components/note/attachments.tsx'
import { NoteBody } from '../../components/note/body.tsx'
import { Quote } from '../../components/note/quote.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { useTellUndo } from '../../components/undo-message.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './talk.module.css'
import { Face } from './talk-face.tsx'
import { words } from './words.ts'

const Composer = late(async () => (await import('../../components/composer/composer.tsx')).Composer)

export interface MessageProps {
  readonly item: Item
  readonly isOwn: boolean
  readonly isFirst: boolean
  /** Nobody else has it yet, as far as is known here. */
  readonly isOnlyHere: boolean
  /** With a face and a name: there are several others. */
  readonly isNamed: boolean
  /** One came for it. */
  readonly isCurrent: boolean
}

export const Message = memo(function Message(props: MessageProps): ReactNode {
  const { item, isOwn, isFirst, isOnlyHere, isNamed, isCurrent } = props
  const t = useWords(words)
  const { state } = item
  const payload = state.type === 'shown' ? state.payload : null
  const text = payload !== null && 'text' in payload && typeof payload.text === 'string' ? payload.text : ''
  const hasFiles = payload !== null && attachmentsOf(payload).length > 0
  const isEdited = payload !== null && 'was' in payload
  const isLeaving = useIsLeaving(item.cid)
  if (isLeaving) return null
  return (
    <li
      className={classes.message}
      data-own={isOwn || undefined}
      data-first={isFirst || undefined}
      data-files={hasFiles || undefined}
      aria-current={isCurrent || undefined}
      tabIndex={isCurrent ? -1 : undefined}
    >
      {isNamed && !isOwn && (
        <span className={classes.face}>{isFirst && <Face identity={item.identity} size={32} />}</span>
      )}
      <div className={classes.bubble}>
        {isNamed && !isOwn && isFirst && (
          <Text size="sm" fw={600}>
            <PersonName identity={item.identity} />
          </Text>
        )}
        <NoteBody item={item} isWanted={isOwn} quote={(name) => <Quote {...name} />} />
        <div className={classes.foot}>
          {isEdited && <span>{t('edited')}</span>}
          <time dateTime={new Date(item.sort).toISOString()}>{formatTime(item.sort)}</time>
          {isOnlyHere && (
            <IconClock size={14} role="img" aria-label={t('onlyHere')}>
              <title>{t('onlyHere')}</title>
            </IconClock>
          )}
          {payload !== null && <Acts item={item} text={text} isOwn={isOwn} />}
        </div>
      </div>
    </li>
  )
})

function Acts({
  item,
  text,
  isOwn,
}: {
  readonly item: Item
  readonly text: string
  readonly isOwn: boolean
}): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  const [isEditing, setEditing] = useState(false)

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      notifications.show({ message: t('copied') })
    } catch (error) {
      fail(error)
    }
  }

  async function erase(): Promise<void> {
    const isMeant = await confirmAct({ title: t('deleteTitle'), text: t('deleteText'), act: t('deleteAct') })
    if (!isMeant) return
    const { cid, identity, content } = item
    leave(peer, { cid, identity, content, how: 'erase', at: Date.now() }, fail)
    tellUndo(t('deleted'), () => takeBack(peer, cid))
  }

  if (text === '' && !isOwn) return null
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size={28} aria-label={t('actions')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {text !== '' && (
            <Menu.Item leftSection={<IconCopy size={18} />} onClick={() => void copy()}>
              {t('copy')}
            </Menu.Item>
          )}
          {isOwn && (
            <Menu.Item leftSection={<IconPencil size={18} />} onClick={() => setEditing(true)}>
              {t('editOne')}
            </Menu.Item>
          )}
          {isOwn && (
            <Menu.Item color="red" leftSection={<IconTrash size={18} />} onClick={() => void erase()}>
              {t('deleteOne')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isEditing}
        onClose={() => setEditing(false)}
        title={t('editOne')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <Suspense>
          <Composer
            about={{ type: 'edit', item }}
            autoFocus
            onDone={() => setEditing(false)}
            onCancel={() => setEditing(false)}
          />
        </Suspense>
      </Modal>
    </>
  )
}
