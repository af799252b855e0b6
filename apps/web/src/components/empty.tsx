/**
 * Nothing is here yet: why, and the next step.
 *
 * @module
 */
import { Stack, Text, Title } from '@mantine/core'
import type { ComponentType, ReactElement, ReactNode } from 'react'

export interface EmptyProps {
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>
  readonly title: string
  readonly text: string
  /** What to do about it: never nothing. */
  readonly children: ReactElement
}

export function Empty({ icon: Icon, title, text, children }: EmptyProps): ReactNode {
  return (
    <Stack align="center" ta="center" py="xl" px="md" gap="sm" maw={420} mx="auto">
      <Icon size={48} stroke={1.2} />
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text c="var(--soft)">{text}</Text>
      {children}
    </Stack>
  )
}
