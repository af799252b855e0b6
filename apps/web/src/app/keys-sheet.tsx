/**
 * The list of keys that do something now.
 *
 * @module
 */
import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import { useShortcuts } from './shortcuts.ts'
import { words } from './words.ts'

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)

export function KeysSheet({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(words)
  const shortcuts = useShortcuts()
  return (
    <Modal opened onClose={close} title={t('keys')}>
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
