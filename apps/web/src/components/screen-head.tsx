/**
 * The title of a screen that another one led to, and the way back.
 *
 * @module
 */
import { Group, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { BackButton } from './back-button.tsx'
import classes from './screen-head.module.css'

export interface ScreenHeadProps {
  readonly title: ReactNode
  /** What one can do with all of it. */
  readonly children?: ReactNode
}

export function ScreenHead({ title, children }: ScreenHeadProps): ReactNode {
  return (
    <Group className={classes.head ?? ''} justify="space-between" wrap="nowrap" gap="xs">
      <Group wrap="nowrap" gap="xs" miw={0}>
        <BackButton />
        <Title order={1} size="h3" className={classes.title ?? ''}>
          {title}
        </Title>
      </Group>
      {children}
    </Group>
  )
}
