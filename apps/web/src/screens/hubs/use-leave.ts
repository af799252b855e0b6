/**
 * Leaving a hub: says first what would be missing, then publishes where one is now.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { usePeer, useSync } from '@effigy/react'
import { notifications } from '@mantine/notifications'
import { saveProfile, useOwnProfile, withoutHub } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function useLeave([identity]: Hub, name: string): () => Promise<void> {
  const t = useWords(words)
  const peer = usePeer()
  const page = usePage()
  const fail = useFail()
  const { hubs } = useOwnProfile()
  const sessions = useSync().value?.sessions ?? []
  const isElsewhere = sessions.some(
    (session) =>
      session.identity !== identity && session.hasMine && hubs.some(([one]) => one === session.identity),
  )
  return async () => {
    const isMeant = await confirmAct({
      title: t('leaveTitle', { name }),
      text: t(hubs.length === 1 ? 'leaveLast' : isElsewhere ? 'leaveText' : 'leaveEarly'),
      act: t('leave'),
    })
    if (!isMeant) return
    try {
      await saveProfile(page, peer, withoutHub(identity))
      notifications.show({ message: t('left', { name }), role: 'status' })
    } catch (error) {
      fail(error)
    }
  }
}
