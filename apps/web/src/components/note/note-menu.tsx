/**
 * What else one can do with a note.
 *
 * @module
 */
import { type Item, useLive, usePeer } from '@effigy/react'
import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconBell,
  IconBellOff,
  IconDots,
  IconLink,
  IconPin,
  IconPinnedOff,
  IconQuote,
} from '@tabler/icons-react'
import { type ReactNode, Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import { late } from '../../app/late.tsx'
import { AwayItems } from '../../screens/person/away-items.tsx'
import { useWords } from '../../words/use-words.ts'
import { OwnNoteItems } from '../composer/own-note.tsx'
import { useFail } from '../fault.tsx'
import classes from './note.module.css'
import { notePath, quotePath } from './paths.ts'
import { threadOf } from './thread-of.ts'
import { words } from './words.ts'

const ReportDialog = late(async () => (await import('../../screens/person/report-dialog.tsx')).ReportDialog)

export interface NoteMenuProps {
  readonly item: Item
  /** Something else is to be written in its place. */
  readonly onEdit: () => void
}

/** Opened when it is there. */
export function NoteMenu({ item, onEdit }: NoteMenuProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [, go] = useLocation()
  const [isOpen, setOpen] = useState(true)
  const thread = threadOf(item)
  const [isReporting, setReporting] = useState(false)
  const person = useLive('people.name', item.identity).value
  const own = person?.isSelf === true
  const labels = useLive('labelsBy', peer.identity, item.identity, item.content).value?.labels ?? []
  const isMuted = useLive('notices.isThreadMuted', thread.identity, thread.content).value === true
  const isPinned = labels.includes('pin')

  function quote(): void {
    // What is not here any more is said where it would be written.
    const isForSome = item.state.type === 'shown' && item.state.payload.type === 'private_note'
    if (isForSome) notifications.show({ message: t('quotePrivate') })
    else go(quotePath(item))
  }

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(new URL(notePath(item), location.origin).href)
    notifications.show({ message: t('copied') })
  }

  async function mute(value: boolean): Promise<void> {
    await peer.notices.muteThread(thread.identity, thread.content, value)
    if (value) notifications.show({ message: t('threadMuted') })
  }

  return (
    <>
      <Menu opened={isOpen} onChange={setOpen} position="bottom-end" withinPortal shadow="md">
        <Menu.Target>
          <button type="button" className={`${classes.action} ${classes.end}`} aria-label={t('more')}>
            <IconDots size={20} stroke={1.6} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <OwnNoteItems item={item} onEdit={onEdit} />
          {item.state.type === 'shown' && (
            <Menu.Item leftSection={<IconQuote size={18} />} onClick={quote}>
              {t('quote')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconLink size={18} />} onClick={() => void copy().catch(fail)}>
            {t('copyLink')}
          </Menu.Item>
          {own && (
            <Menu.Item
              leftSection={isPinned ? <IconPinnedOff size={18} /> : <IconPin size={18} />}
              onClick={() => peer.label(item.identity, item.content, 'pin', !isPinned).catch(fail)}
            >
              {t(isPinned ? 'unpin' : 'pin')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={isMuted ? <IconBell size={18} /> : <IconBellOff size={18} />}
            onClick={() => void mute(!isMuted).catch(fail)}
          >
            {t(isMuted ? 'unmuteThread' : 'muteThread')}
          </Menu.Item>
          {person !== null && !own && <AwayItems person={person} onReport={() => setReporting(true)} />}
        </Menu.Dropdown>
      </Menu>
      {isReporting && person !== null && (
        <Suspense fallback={null}>
          <ReportDialog person={person} content={item} close={() => setReporting(false)} />
        </Suspense>
      )}
    </>
  )
}
