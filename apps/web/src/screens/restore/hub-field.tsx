/**
 * The address of one's own hub, for whom this page came from another one: folded away until it is needed.
 *
 * @module
 */
import { Anchor, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { codeOf } from '../../faults/code-of.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export interface HubFieldProps {
  readonly text: string
  readonly onText: (text: string) => void
  /** What came of the last attempt. */
  readonly error: unknown
}

export function HubField({ text, onText, error }: HubFieldProps): ReactNode {
  const t = useWords(words)
  const [isOpen, setOpen] = useState(false)
  if (!isOpen && text === '' && codeOf(error) !== 'account-not-found')
    return (
      <Anchor component="button" type="button" ta="start" onClick={() => setOpen(true)}>
        {t('otherHub')}
      </Anchor>
    )
  return (
    <TextInput
      label={t('hubAddress')}
      description={t('hubAddressHelp')}
      placeholder="hub.example"
      value={text}
      onChange={({ currentTarget }) => {
        setOpen(true)
        onText(currentTarget.value)
      }}
      inputMode="url"
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      dir="ltr"
    />
  )
}
