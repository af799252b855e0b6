/**
 * Something of a conversation that is not on this device, and the way to it.
 *
 * @module
 */
import { usePeer } from '@effigy/react'
import type { ThreadGap } from '@effigy/store'
import { Button, Group, Loader, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { personPath } from '../../components/note/paths.ts'
import { PersonName } from '../../components/person-name.tsx'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './thread.module.css'
import { words } from './words.ts'

/** Entries further back that are asked for at once. */
const older = 500
const patienceMs = 15_000

export function Gap({ gap }: { readonly gap: ThreadGap }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const left = useRef<AbortController>(null)
  useEffect(() => () => left.current?.abort(), [])

  async function get(): Promise<void> {
    const over = new AbortController()
    left.current = over
    setState('busy')
    try {
      const signal = AbortSignal.any([over.signal, AbortSignal.timeout(patienceMs)])
      await peer.fetchOlder(gap.identity, older, { signal })
      if (!over.signal.aborted) setState('idle')
    } catch {
      // Nobody has it now, or it is not kept here any more: both are said the same way.
      if (!over.signal.aborted) setState('failed')
    }
  }

  return (
    <Group className={classes.gap ?? ''} justify="space-between" gap="sm">
      <Text size="sm" flex={1} miw="12rem">
        <Rich
          words={words}
          name={gap.why === 'older' ? 'older' : 'strange'}
          values={{ count: gap.answers }}
          parts={{ who: <PersonName identity={gap.identity} /> }}
        />
        {state === 'failed' && (
          <Text span display="block" c="var(--soft)">
            {t('notYet')}
          </Text>
        )}
      </Text>
      {gap.why === 'not-watched' ? (
        <Button component={Link} href={personPath(gap.identity)} variant="default" size="sm">
          {t('look')}
        </Button>
      ) : state === 'busy' ? (
        <Group gap="xs" role="status">
          <Loader size="xs" />
          <Text size="sm">{t('getting')}</Text>
        </Group>
      ) : (
        <Button variant="default" size="sm" onClick={() => void get()}>
          {t('get')}
        </Button>
      )}
    </Group>
  )
}
