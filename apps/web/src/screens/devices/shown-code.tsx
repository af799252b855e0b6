/**
 * A code for the camera of one's other device, or to be carried there as text.
 *
 * @module
 */
import { Button, CopyButton, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { QrCode } from '../../components/qr-code.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export interface ShownCodeProps {
  readonly text: string
  /** What to do on the other device. */
  readonly lead: ReactNode
}

export function ShownCode({ text, lead }: ShownCodeProps): ReactNode {
  const t = useWords(words)
  return (
    <Stack align="center">
      {lead}
      <QrCode text={text} label={t('codeLabel')} />
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {t(copied ? 'copied' : 'copyCode')}
          </Button>
        )}
      </CopyButton>
      <Text size="sm" c="var(--soft)" ta="center">
        {t('codeSecret')}
      </Text>
    </Stack>
  )
}
