/**
 * Leads somebody who has an account to where a file goes that the system opened with the app.
 *
 * @module
 */
import { useEffect, useSyncExternalStore } from 'react'
import { useLocation } from 'wouter'
import { useFail } from '../components/fault.tsx'
import { tell } from '../components/tell.ts'
import { useWords } from '../words/use-words.ts'
import { launchedFiles, launchedKind, subscribeLaunched, takeLaunched } from './launched.ts'
import { keepShared } from './shared.ts'
import { words } from './words.ts'

export function LeadLaunched(): null {
  const t = useWords(words)
  const [, go] = useLocation()
  const fail = useFail()
  const files = useSyncExternalStore(subscribeLaunched, launchedFiles)
  useEffect(() => {
    if (takeLaunched('backup').length > 0)
      tell({ color: 'yellow', title: t('backupOpened'), message: t('backupOpenedText') })
    // The screen takes it itself.
    if (files.some((file) => launchedKind(file) === 'archive')) go('/bring')
    const others = takeLaunched('other')
    if (others.length > 0) keepShared(others).then(() => go('/new'), fail)
  }, [files, go, t, fail])
  return null
}
