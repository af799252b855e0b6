/**
 * Uses the invite that led here: comes to its hub, and follows whoever gave it. Goes on when the network is back.
 *
 *     kept invite ─asked, or just arrived▶ joined ─▶ hub in the profile, inviter followed
 *
 * @module
 */

import { EffigyError, type InviteCode } from '@effigy/core'
import { type RemotePeer, wholeFeed } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconMailOpened } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { tell } from '../../components/tell.ts'
import { useWords } from '../../words/use-words.ts'
import { consentToInvite, forgetInvite, isMeant as wasMeant } from '../invite-place.ts'
import { saveProfile, useOwnProfile, withHub } from '../own-profile.ts'
import { usePage } from '../page-context.ts'
import { inviterOf } from './inviter.ts'
import { readInvite } from './read-invite.ts'
import { words } from './words.ts'

/** ms for hub and inviter to answer. */
const patienceMs = 30_000

/** `code`: as it stands in the link. */
export function JoinInvite({ code }: { readonly code: string }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const page = usePage()
  const { hubs } = useOwnProfile()
  const [isMeant, setMeant] = useState(() => wasMeant(code))
  const [error, setError] = useState<unknown>(null)
  const [tries, setTries] = useState(0)
  const read = readInvite(code)
  const invite = read.ok ? read.value : read.error.code === 'code-expired' ? read.error.late : null

  useEffect(() => {
    if (!isMeant || invite === null) return
    const until = new AbortController()
    const signal = AbortSignal.any([until.signal, AbortSignal.timeout(patienceMs)])
    setError(null)
    join(peer, invite, signal).then(
      async () => {
        if (until.signal.aborted) return
        if (!hubs.some(([hub]) => hub === invite.hub))
          await saveProfile(page, peer, withHub([invite.hub, invite.url]))
        const by = inviterOf(invite)
        if (by.type === 'hub') done(t('joinedHub', { name: by.name }))
        else done(by.name === '' ? t('joinedSomebody') : t('joined', { name: by.name }))
      },
      (reason: unknown) => {
        if (!until.signal.aborted) setError(reason)
      },
    )
    const again = (): void => setTries((count) => count + 1)
    addEventListener('online', again, { once: true })
    return () => {
      until.abort()
      removeEventListener('online', again)
    }
  }, [peer, code, isMeant, tries])

  if (invite === null) {
    return (
      <Fault error={read.ok ? null : read.error}>
        <Button variant="default" onClick={forgetInvite}>
          {t('dismiss')}
        </Button>
      </Fault>
    )
  }
  const { type, name } = inviterOf(invite)
  const host = new URL(invite.url).host
  const ask = type === 'hub' ? t('askHub', { name }) : t('ask', { name: name === '' ? t('somebody') : name })
  const more =
    type === 'hub'
      ? t('askHubMore', { host })
      : name === ''
        ? t('askMoreSomebody', { host })
        : t('askMore', { host, name })
  if (error !== null) {
    return (
      <Fault error={error}>
        <Group>
          <Button variant="default" onClick={forgetInvite}>
            {t('dismiss')}
          </Button>
          <Button onClick={() => setTries(tries + 1)}>{t('again')}</Button>
        </Group>
      </Fault>
    )
  }
  return (
    <Alert radius={0} icon={<IconMailOpened />} title={isMeant ? t('joining') : ask} role="status">
      {!isMeant && (
        <Stack gap="sm">
          <Text size="sm">{more}</Text>
          <Group>
            <Button variant="default" onClick={forgetInvite}>
              {t('no')}
            </Button>
            <Button
              onClick={() => {
                consentToInvite()
                setMeant(true)
              }}
            >
              {t('yes')}
            </Button>
          </Group>
        </Stack>
      )}
    </Alert>
  )
}

function done(message: string): void {
  forgetInvite()
  tell({ message, color: 'green', role: 'status' })
}

/** Once more does no harm: a hub knows who has come. Throws `EffigyError` with the codes of `peer.joining`. */
async function join(peer: RemotePeer, invite: InviteCode, signal: AbortSignal): Promise<void> {
  const joined = await peer.joining.join(invite, { signal })
  if (!joined.ok) throw new EffigyError(joined.error.code, joined.error.code)
  // Whoever runs the hub invites in its name.
  if (inviterOf(invite).type === 'hub') return
  const { from, account, hub, url } = invite
  await using connection = await peer.connect(url, { expect: hub })
  await connection.ready(signal)
  const found = account === null ? from : await peer.joining.findAccount(account, { signal })
  if (found === null) throw new EffigyError('not-connected', 'The inviter is not known at the hub.')
  await peer.relate('follow', found, true, wholeFeed)
  // They follow back by themselves, if they wished so; if it does not reach them, they see it as any new follower.
  await peer.joining.greet(invite, found, { signal }).catch(() => signal.throwIfAborted())
}
