/**
 * The title of a screen that another one led to, and the way back.
 *
 * @module
 */
import { ActionIcon, Group, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { words as appWords } from '../app/words.ts'
import { useWords } from '../words/use-words.ts'
import classes from './screen-head.module.css'

export interface ScreenHeadProps {
  readonly title: ReactNode
  /** What one can do with all of it. */
  readonly children?: ReactNode
}

export function ScreenHead({ title, children }: ScreenHeadProps): ReactNode {
  const t = useWords(appWords)
  const [, go] = useLocation()
  return (
    <Group className={classes.head ?? ''} justify="space-between" wrap="nowrap" gap="xs">
      <Group wrap="nowrap" gap="xs" miw={0}>
        <ActionIcon
          aria-label={t('back')}
          // Who came by a link from elsewhere has nothing of the app to go back to.
          onClick={() => (history.length > 1 ? history.back() : go('/'))}
        >
          <IconArrowLeft className={classes.arrow} size={22} stroke={1.6} />
        </ActionIcon>
        <Title order={1} size="h3" className={classes.title ?? ''}>
          {title}
        </Title>
      </Group>
      {children}
    </Group>
  )
}
