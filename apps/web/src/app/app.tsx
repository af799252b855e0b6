/**
 * What stands around everything: theme, direction, messages, and the page's peer for who asks how far it is.
 *
 * @module
 */

import type { PagePeer } from '@effigy/peer/page'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmAct } from '../components/confirm-act.tsx'
import { directionOf } from '../words/language.ts'
import { Gate } from './gate.tsx'
import { PageContext } from './page-context.ts'
import { useStanding } from './standing.ts'
import { Starting } from './starting.tsx'
import { themeWith } from './theme.ts'
import { words } from './words.ts'

const AtTheEdge = lazy(async () => ({ default: (await import('./at-the-edge.tsx')).AtTheEdge }))

export interface AppProps {
  readonly page: PagePeer
  /** There are no keys in this browser yet. */
  readonly isNew: boolean
}

export function App({ page, isNew }: AppProps): ReactNode {
  const { i18n, t } = useTranslation(words.namespace, { useSuspense: false })
  const close = t('close')
  const isStanding = useStanding()
  const theme = useMemo(() => themeWith(close), [close])
  const direction = directionOf(i18n.language)
  useEffect(() => {
    document.documentElement.dir = direction
  }, [direction])
  return (
    <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Suspense fallback={null}>{isStanding && <AtTheEdge />}</Suspense>
        <Suspense fallback={<Starting />}>
          <PageContext value={page}>
            <Gate isNew={isNew} />
            <ConfirmAct />
          </PageContext>
        </Suspense>
      </MantineProvider>
    </DirectionProvider>
  )
}
