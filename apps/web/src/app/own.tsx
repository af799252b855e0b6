/**
 * The app of somebody who has a device here: first run goes on until there is an account and a profile.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { type ReactNode, Suspense, useEffect } from 'react'
import { useRestoreStep } from '../screens/restore/choice.ts'
import { watchIdle } from './idle-lock.ts'
import { KeepHubs } from './keep-hubs.tsx'
import { late } from './late.tsx'
import { ProfileContext, profileOf } from './own-profile.ts'
import { usePage } from './page-context.ts'
import { Welcome } from './parts.ts'
import { Shell } from './shell.tsx'
import { Starting } from './starting.tsx'

const NewsOutside = late(async () => (await import('./news-outside/news-outside.tsx')).NewsOutside)

export function Own(): ReactNode {
  const { identity } = usePeer()
  const { value: account, type } = useLive('account.show')
  const profile = useLive('profile', identity)
  const isRestoring = useRestoreStep() !== null
  useIdleLock()
  if (type === 'pending' || profile.type === 'pending') return <Starting />
  const own = profileOf(profile.value)
  // Cut off between the two of them, or a device that restores an account.
  if (account === null || own === null || isRestoring) return <Welcome storage={null} hasKeys />
  return (
    <ProfileContext value={own}>
      <KeepHubs hubs={own.hubs} />
      <Suspense>
        <NewsOutside />
      </Suspense>
      <Shell />
    </ProfileContext>
  )
}

/** Of a browser without a lock nothing comes of it. */
function useIdleLock(): void {
  const page = usePage()
  const peer = usePeer()
  useEffect(() => {
    let isClosing = false
    async function close(): Promise<void> {
      const { putDraftsAway } = await import('../components/composer/put-away.ts')
      await putDraftsAway(peer)
    }
    const watching = watchIdle(() => {
      if (isClosing) return
      isClosing = true
      close()
        .catch(() => {})
        .then(() => page.device.lock())
        .catch(() => {})
        .finally(() => {
          isClosing = false
        })
    })
    return () => watching[Symbol.dispose]()
  }, [page, peer])
}
