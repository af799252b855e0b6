/**
 * While an account is looked for: whether anybody answers at all, and the way out.
 *
 * @module
 */
import { useSync } from '@effigy/react'
import type { ReactNode } from 'react'
import { useLasts } from '../../app/lasts.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

/** ms within which a hub answers mostly. */
const soonMs = 2_000

export function Looking({ onCancel }: { readonly onCancel: () => void }): ReactNode {
  const t = useWords(words)
  const status = useSync().value
  const isAlone = useLasts(status?.sessions.length === 0, soonMs)
  return <Working title={t(isAlone ? 'noAnswer' : 'looking')} done={0} total={null} onCancel={onCancel} />
}
