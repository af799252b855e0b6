/**
 * Where something went that is for some people only: it is in no timeline.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { PeerProvider, useLive } from '@effigy/react'
import { Anchor, Text } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { Link } from 'wouter'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import { PersonName } from '../person-name.tsx'
import { tell } from '../tell.ts'
import type { Audience } from './audience.ts'
import { words } from './words.ts'

export interface Sent {
  readonly audience: Exclude<Audience, { readonly type: 'all' }>
  /** Name of the conversation that it is in now. */
  readonly talk: string
}

/** Messages stand outside of what has a peer. */
export function tellSent(peer: RemotePeer, sent: Sent): void {
  tell({
    role: 'status',
    color: 'green',
    message: (
      <PeerProvider peer={peer}>
        <SentMessage {...sent} />
      </PeerProvider>
    ),
  })
}

function SentMessage({ audience, talk }: Sent): ReactNode {
  const t = useWords(words)
  return (
    <Text size="sm">
      {audience.type === 'group' ? <ToGroup id={audience.id} /> : <ToPeople to={audience.to} />}{' '}
      <Anchor component={Link} href={`/talks/in/${encodeURIComponent(talk)}`} size="sm">
        {t('seeSent')}
      </Anchor>
    </Text>
  )
}

function ToPeople({ to: [first, ...more] }: { readonly to: readonly Identity[] }): ReactNode {
  const t = useWords(words)
  if (first === undefined) return t('keptForYou')
  return <To who={<PersonName identity={first} plain />} others={more.length} />
}

function ToGroup({ id }: { readonly id: string }): ReactNode {
  const t = useWords(words)
  const name = useLive('groups.show', id).value?.name ?? t('group')
  return <To who={<bdi data-others>{name}</bdi>} others={0} />
}

function To({ who, others }: { readonly who: ReactElement; readonly others: number }): ReactNode {
  const name = others === 0 ? 'sentTo' : 'sentToMore'
  return <Rich words={words} name={name} values={{ count: others }} parts={{ who }} />
}
