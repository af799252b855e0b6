/**
 * The list of keys that do something now.
 *
 * @module
 */
import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import { useShortcuts } from './shortcuts.ts'
import { words } from './words.ts'

export function useKeysSheet(): {
  readonly isOpen: boolean
  readonly open: () => void
  readonly close: () => void
} {
  const [isOpen, { open, close }] = useDisclosure(false)
  return { isOpen, open, close }
}

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)

export function KeysSheet({
  isOpen,
  close,
}: {
  readonly isOpen: boolean
  readonly close: () => void
}): ReactNode {
  const t = useWords(words)
  const shortcuts = useShortcuts()
  return (
    <Modal opened={isOpen} onClose={close} title={t('keys')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="xs">
        <Text size="sm" c="var(--soft)">
          {t('keysHelp')}
        </Text>
        {shortcuts.map(({ keys, title }) => (
          <Group key={`${keys} ${title}`} justify="space-between" wrap="nowrap">
            <Text>{title}</Text>
            <Group gap={4} wrap="nowrap" dir="ltr">
              {keys.split(/[ +]/).map((key) => (
                <Kbd key={key}>{key === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  )
}
