/**
 * What stands around everything: theme, direction, messages, and the page's peer for who asks how far it is.
 *
 * @module
 */

import type { PagePeer } from '@effigy/peer/page'
import { DirectionContext, MantineProvider } from '@mantine/core'
import { type ReactNode, Suspense, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmAct } from '../components/confirm-act.tsx'
import { directionOf } from '../words/language.ts'
import { Gate } from './gate.tsx'
import { late } from './late.tsx'
import { PageContext } from './page-context.ts'
import { ScreenFault } from './screen-fault.tsx'
import { useStanding } from './standing.ts'
import { Starting } from './starting.tsx'
import { themeWith } from './theme.ts'
import { words } from './words.ts'

const AtTheEdge = late(async () => (await import('./at-the-edge.tsx')).AtTheEdge)

export interface AppProps {
  readonly page: PagePeer
  /** There are no keys in this browser yet. */
  readonly isNew: boolean
}

export function App({ page, isNew }: AppProps): ReactNode {
  const { i18n, t } = useTranslation(words.namespace, { useSuspense: false })
  const close = t('close')
  const showTyped = t('showTyped')
  const isStanding = useStanding()
  const theme = useMemo(() => themeWith(close, showTyped), [close, showTyped])
  const direction = directionOf(i18n.language)
  useEffect(() => {
    // What cannot be had now comes with the next start.
    import('./keep-focus.ts').then(({ keepFocus }) => keepFocus()).catch(() => {})
  }, [])
  // Not Mantine's own provider: it would begin everything anew when the direction changes, with what a person was at.
  const directed = useMemo(
    () => ({ dir: direction, toggleDirection: () => {}, setDirection: () => {} }),
    [direction],
  )
  return (
    <DirectionContext value={directed}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Suspense fallback={<Starting />}>
          <ScreenFault>
            <Suspense fallback={null}>{isStanding && <AtTheEdge />}</Suspense>
            <PageContext value={page}>
              <Gate isNew={isNew} />
              <ConfirmAct />
            </PageContext>
          </ScreenFault>
        </Suspense>
      </MantineProvider>
    </DirectionContext>
  )
}
