/**
 * Ignoring a stranger, with the way back at hand.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useFail } from '../../components/fault.tsx'
import { undoMs } from '../../components/tell.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function useIgnore(): (name: string, from: Identity) => Promise<void> {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  return async (name, from) => {
    await peer.conversations.ignore(name)
    const id = notifications.show({
      autoClose: undoMs,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{t('ignored')}</Text>
          <Button
            size="compact-md"
            variant="default"
            onClick={() => {
              notifications.hide(id)
              peer.conversations.hear(from).catch(fail)
            }}
          >
            {t('undo')}
          </Button>
        </Group>
      ),
    })
  }
}
