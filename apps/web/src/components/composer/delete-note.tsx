/**
 * Before a note is deleted: how, in plain words; and behind it a moment to change one's mind.
 *
 * @module
 */
import { type Item, usePeer } from '@effigy/react'
import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { useFail } from '../fault.tsx'
import { useTellUndo } from '../undo-message.tsx'
import { askToDelete, leave, takeBack } from './leaving.ts'
import { words } from './words.ts'

export function DeleteNote({ item }: { readonly item: Item }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  // What another own device wrote can only be erased from here.
  const mayRemove = item.identity === peer.identity
  const [how, setHow] = useState<'remove' | 'erase'>(mayRemove ? 'remove' : 'erase')
  const close = (): void => askToDelete(null)

  function begin(): void {
    close()
    const { cid, identity, content } = item
    leave(peer, { cid, identity, content, how, at: Date.now() }, fail)
    tellUndo(t('deleted'), () => takeBack(peer, cid))
  }

  return (
    <Modal opened onClose={close} title={t('deleteTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Radio.Group
          aria-label={t('deleteTitle')}
          value={how}
          onChange={(value) => setHow(value as typeof how)}
        >
          <Stack>
            {mayRemove && <Radio value="remove" label={t('removeIt')} description={t('removeHelp')} />}
            <Radio value="erase" label={t('eraseIt')} description={t('eraseHelp')} />
          </Stack>
        </Radio.Group>
        <Text size="sm" c="var(--soft)">
          {t('copiesStay')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button color="red" onClick={begin}>
            {t('delete')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
