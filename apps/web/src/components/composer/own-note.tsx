/**
 * What one can do with what one wrote: put something else in its place, take it back, have it erased.
 *
 *     <OwnNoteItems item onEdit /> in its menu ─▶ <Composer about={{ type: 'edit', item }} /> │ question ─▶ gone, with an undo
 *
 * @module
 */
import type { Item } from '@effigy/react'
import { useLive } from '@effigy/react'
import { Menu } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { askToDelete } from './leaving.ts'
import { notePayload } from './send.ts'
import { words } from './words.ts'

export interface OwnNoteItemsProps {
  readonly item: Item
  /** Show the composer in its place. */
  readonly onEdit: () => void
}

/** Of a `Menu.Dropdown`; nothing for what others wrote. */
export function OwnNoteItems({ item, onEdit }: OwnNoteItemsProps): ReactNode {
  const t = useWords(words)
  const isOwn = useLive('people.name', item.identity).value?.isSelf === true
  if (!isOwn || item.state.type === 'erased') return null
  return (
    <>
      {notePayload(item) !== null && (
        <Menu.Item leftSection={<IconPencil size={18} />} onClick={onEdit}>
          {t('edit')}
        </Menu.Item>
      )}
      <Menu.Item color="red" leftSection={<IconTrash size={18} />} onClick={() => askToDelete(item)}>
        {t('delete')}
      </Menu.Item>
    </>
  )
}
