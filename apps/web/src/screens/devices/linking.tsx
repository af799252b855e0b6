/**
 * One pairing on the screen: wait, compare four pictures, wait for the other side, done (spec L).
 *
 *     open ─▶ the same pictures on both? ─▶ asking ─▶ linked        anything else: why, and once more
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'
import { usePeer } from '@effigy/react'
import type { PairingState } from '@effigy/sync'
import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './linking.module.css'
import { words } from './words.ts'

export type Link = Awaited<ReturnType<RemotePeer['account']['showLink']>>

export interface LinkingProps {
  /** Begins it: shows a code, or reads one. */
  readonly begin: (peer: RemotePeer) => Promise<Link>
  /** While nobody has come: the code, or that it is dialled. `text`: null where a code was read. */
  readonly waiting: (text: string | null) => ReactNode
  readonly onLinked: () => void
  /** Begins anew. */
  readonly onAgain: () => void
}

/** Give it another `key` to begin anew; leaving the screen cancels, and leaves both devices as they were. */
export function Linking({ begin, waiting, onLinked, onAgain }: LinkingProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const [link, setLink] = useState<Link | null>(null)
  const [state, setState] = useState<PairingState>({ type: 'open' })
  const [error, setError] = useState<unknown>(null)
  const start = useRef({ begin, onLinked })

  useEffect(() => {
    const stop = new AbortController()
    const held: { link: Link | null } = { link: null }
    const run = async (): Promise<void> => {
      const made = await start.current.begin(peer)
      held.link = made
      if (stop.signal.aborted) return await giveUp(made)
      setLink(made)
      const follow = async (): Promise<void> => {
        for await (const next of made.states(stop.signal)) setState(next)
      }
      const [outcome] = await Promise.all([made.outcome(), follow()])
      if (stop.signal.aborted) return
      if (outcome.ok) start.current.onLinked()
      else setError(outcome.error)
    }
    run()
      .catch((reason: unknown) => {
        if (!stop.signal.aborted) setError(reason)
      })
      .finally(() => held.link?.[Symbol.asyncDispose]())
      // The tab that had the peer went, and the link with it.
      .catch(() => {})
    return () => {
      stop.abort()
      if (held.link !== null) void giveUp(held.link)
    }
  }, [peer])

  if (error !== null) {
    return (
      <Fault error={error}>
        <Button onClick={onAgain}>{t('again')}</Button>
      </Fault>
    )
  }
  switch (state.type) {
    case 'open':
      return link === null ? <Loader aria-label={t('asking')} /> : waiting(link.text)
    case 'comparing':
      return (
        <Stack align="center" role="status">
          <Text fw={600} size="lg" ta="center">
            {t('compare')}
          </Text>
          {state.label !== null && (
            <Text ta="center">
              {t('wantsIn')} <bdi>{state.label}</bdi>
            </Text>
          )}
          <div className={classes.emoji} data-emoji>
            {state.emoji.map(({ emoji }, at) => (
              <span key={at}>{emoji}</span>
            ))}
          </div>
          {state.confirmed ? (
            <Text ta="center">{t('otherSide')}</Text>
          ) : (
            <Group justify="center">
              <Button variant="default" onClick={() => void link?.decide(false).catch(setError)}>
                {t('different')}
              </Button>
              <Button onClick={() => void link?.decide(true).catch(setError)}>{t('same')}</Button>
            </Group>
          )}
        </Stack>
      )
    case 'asking':
      return (
        <Stack align="center" role="status">
          <Loader aria-hidden />
          <Text ta="center">{t(state.stage === null ? 'asking' : 'askingMain')}</Text>
        </Stack>
      )
    case 'undoing':
    case 'linked':
    case 'over':
      return <Loader aria-label={t('asking')} />
  }
}

async function giveUp(link: Pick<Link, 'cancel'>): Promise<void> {
  // Over already, or too late for it: then it is a device of the account, and listed.
  await link.cancel().catch(() => {})
}
