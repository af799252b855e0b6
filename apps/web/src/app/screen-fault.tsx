/**
 * A screen that failed says so in its own place; the rest of the app goes on. What stands around the screens and fails takes the place
 * of all: nobody is left with an empty page.
 *
 * @module
 */
import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { Fault } from '../components/fault.tsx'
import { codeOf } from '../faults/code-of.ts'
import { useWords } from '../words/use-words.ts'
import { words } from './words.ts'

interface State {
  readonly error: unknown
}

export class ScreenFault extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    const { error } = this.state
    // The page itself remembers what it could not load.
    const again =
      codeOf(error) === 'part-missing' ? () => location.reload() : () => this.setState({ error: null })
    return <FailedScreen error={error} again={again} />
  }
}

function FailedScreen({ error, again }: { readonly error: unknown; readonly again: () => void }): ReactNode {
  const t = useWords(words)
  return (
    <Fault error={error}>
      <Button variant="default" onClick={again}>
        {t('tryAgain')}
      </Button>
    </Fault>
  )
}
