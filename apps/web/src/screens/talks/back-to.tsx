/**
 * The head of a screen that another one led to: the way back, and what it is.
 *
 * @module
 */
import { ActionIcon, Group } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import classes from './talk.module.css'

export interface BackToProps {
  readonly href: string
  readonly label: string
  readonly children: ReactNode
}

export function BackTo({ href, label, children }: BackToProps): ReactNode {
  return (
    <Group gap={4} wrap="nowrap" ms={-10}>
      <ActionIcon component={Link} href={href} aria-label={label}>
        <IconArrowLeft size={24} className={classes.back} />
      </ActionIcon>
      {children}
    </Group>
  )
}
