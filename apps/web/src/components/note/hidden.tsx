/**
 * Something that is shown when a person wants to see it: behind a warning, of a muted word, of a stranger.
 *
 * @module
 */
import { Button, Group, Text } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import classes from './note.module.css'
import { words } from './words.ts'

export interface HiddenProps {
  /** Why, or what it is about. */
  readonly text: ReactNode
  readonly children: ReactNode
}

export function Hidden({ text, children }: HiddenProps): ReactNode {
  const t = useWords(words)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Group className={classes.hidden ?? ''} justify="space-between" wrap="nowrap" gap="sm">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <IconEyeOff size={18} stroke={1.6} aria-hidden className={classes.fixed} />
          <Text size="sm">{text}</Text>
        </Group>
        <Button
          variant="default"
          size="xs"
          className={classes.fixed ?? ''}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? 'hide' : 'show')}
        </Button>
      </Group>
      {isOpen && children}
    </>
  )
}
