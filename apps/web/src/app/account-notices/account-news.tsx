/**
 * "Was that you?": what became of the account elsewhere, one thing after the other, each until it was answered (spec Y14).
 *
 *     a device came │ it was taken with its words ─▶ notice ─It was me▶ the next
 *
 * What was not answered is told again: the peer forgets it when the next is asked for.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { AccountNews as News } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconShieldQuestion } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Link } from 'wouter'
import { useWords } from '../../words/use-words.ts'
import { wasDoneHere } from './done-here.ts'
import { words } from './words.ts'

interface Told {
  readonly type: 'joined' | 'moved'
  readonly label: string
}

/** Null: it is nobody's worry, or was done here. */
export function toldOf({ own, change, at }: News, self: Identity): Told | null {
  if (!own || wasDoneHere(at)) return null
  switch (change.type) {
    case 'joined': {
      const [identity, , label] = change.member
      return identity === self ? null : { type: 'joined', label }
    }
    case 'moved':
      return { type: change.type, label: '' }
    // Said as long as it lasts (account-notices.tsx).
    case 'disputed':
    case 'settled':
    // Of these the screens tell that they concern; a main device can only become one that had come before.
    case 'revoked':
    case 'frozen':
    case 'disowned':
    case 'handed-over':
      return null
  }
}

export function AccountNews(): ReactNode {
  const t = useWords(words)
  const [told, answer] = useTold()
  if (told === null) return null
  const { type, label } = told
  return (
    <Alert radius={0} color="yellow" icon={<IconShieldQuestion />} title={t(`${type}Title`, { label })}>
      <Stack gap="xs">
        <Text size="sm">{t(`${type}Text`)}</Text>
        <Group>
          <Button component={Link} href="/devices" size="compact-sm">
            {t('seeDevices')}
          </Button>
          <Button variant="default" size="compact-sm" onClick={answer}>
            {t('wasMe')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

function useTold(): readonly [Told | null, () => void] {
  const peer = usePeer()
  const [now, setNow] = useState<{ readonly told: Told; readonly answer: () => void } | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const follow = async (): Promise<void> => {
      for await (const news of peer.account.changes(stop.signal)) {
        const told = toldOf(news, peer.identity)
        if (told === null) continue
        const { promise, resolve } = Promise.withResolvers<void>()
        stop.signal.addEventListener('abort', () => resolve(), { once: true })
        setNow({ told, answer: resolve })
        await promise
        setNow(null)
        // Not answered: it is kept for the next time.
        if (stop.signal.aborted) return
      }
    }
    follow().catch(() => {})
    return () => stop.abort()
  }, [peer])
  return [now?.told ?? null, now?.answer ?? (() => {})]
}
