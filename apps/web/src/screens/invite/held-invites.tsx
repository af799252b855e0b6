/**
 * Invites of one's own at a hub that may still be used, and taking one back.
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import type { HeldInvite } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Divider, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { formatDate } from '../../components/format.ts'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

const patienceMs = 15_000

export function HeldInvites({ hub }: { readonly hub: Identity }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [held, setHeld] = useState<readonly HeldInvite[]>([])

  useEffect(() => {
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)])
    peer.joining.invites(hub, signal).then(
      (answer) => {
        if (answer.ok && !stop.signal.aborted) setHeld(answer.value)
      },
      // The hub is away: what it has is shown when it is back.
      () => {},
    )
    return () => stop.abort()
  }, [peer, hub])

  const open = held.filter(
    ({ revoked, used, count, until }) => !revoked && used < count && until > Date.now(),
  )
  if (open.length === 0) return null

  async function takeBack({ token }: HeldInvite): Promise<void> {
    const isMeant = await confirmAct({ title: t('revokeTitle'), text: t('revokeText'), act: t('revoke') })
    if (!isMeant) return
    try {
      const answer = await peer.joining.revoke(hub, token, AbortSignal.timeout(patienceMs))
      if (!answer.ok) throw new EffigyError(answer.error.code, answer.error.code)
      setHeld((before) => before.filter((one) => one.token !== token))
    } catch (error) {
      fail(error)
    }
  }

  return (
    <Section title={t('heldTitle')} text={t('heldText')}>
      <Stack gap="sm">
        {open.map((one, at) => (
          <Stack key={one.token} gap="sm">
            {at > 0 && <Divider />}
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm">
                {t('heldOne', { left: one.count - one.used, count: one.count, date: formatDate(one.until) })}
              </Text>
              <Button
                variant="default"
                size="sm"
                onClick={() => void takeBack(one)}
                style={{ flexShrink: 0 }}
              >
                {t('revoke')}
              </Button>
            </Group>
          </Stack>
        ))}
      </Stack>
    </Section>
  )
}
