/**
 * One matter of the account: what it is, why, and what to do.
 *
 * @module
 */
import { Card, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

export interface SectionProps {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}

export function Section({ title, text, children }: SectionProps): ReactNode {
  const id = useId()
  return (
    <Card component="section" withBorder bg="var(--card)" aria-labelledby={id}>
      <Stack>
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {text !== undefined && <Text>{text}</Text>}
        {children}
      </Stack>
    </Card>
  )
}
