/**
 * One part of a screen, with its own heading.
 *
 * @module
 */
import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

export interface SectionProps {
  readonly title: string
  /** What it is about, in one sentence. */
  readonly text?: string
  /** Beside the heading. */
  readonly aside?: ReactNode
  readonly children?: ReactNode
}

export function Section({ title, text, aside, children }: SectionProps): ReactNode {
  const id = useId()
  return (
    <Card component="section" aria-labelledby={id} withBorder bg="var(--card)" p="md">
      <Stack gap="sm">
        <Group justify="space-between" align="start" wrap="nowrap">
          <Stack gap={2} miw={0}>
            <Title order={2} size="h4" id={id}>
              {title}
            </Title>
            {text !== undefined && (
              <Text size="sm" c="var(--soft)">
                {text}
              </Text>
            )}
          </Stack>
          {aside}
        </Group>
        {children}
      </Stack>
    </Card>
  )
}
