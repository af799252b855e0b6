/**
 * What stands around everything: theme, direction, messages, and the page's peer for who asks how far it is.
 *
 * @module
 */

import type { PagePeer } from '@effigy/peer/page'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { type ReactNode, Suspense, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmAct } from '../components/confirm-act.tsx'
import { directionOf } from '../words/language.ts'
import classes from './app.module.css'
import { Gate } from './gate.tsx'
import { PageContext } from './page-context.ts'
import { Starting } from './starting.tsx'
import { themeWith } from './theme.ts'
import { UpdatePrompt } from './update-prompt.tsx'
import { words } from './words.ts'

export function App({ page }: { readonly page: PagePeer }): ReactNode {
  const { i18n, t } = useTranslation(words.namespace, { useSuspense: false })
  const close = t('close')
  const theme = useMemo(() => themeWith(close), [close])
  const direction = directionOf(i18n.language)
  useEffect(() => {
    document.documentElement.dir = direction
  }, [direction])
  return (
    <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Notifications position="bottom-center" limit={3} className={classes.notifications ?? ''} />
        <Suspense fallback={<Starting />}>
          <PageContext value={page}>
            <UpdatePrompt />
            <Gate />
            <ConfirmAct />
          </PageContext>
        </Suspense>
      </MantineProvider>
    </DirectionProvider>
  )
}
