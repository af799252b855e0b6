/**
 * Following somebody, with what it costs before one does; writing to them.
 *
 * @module
 */

import { type PersonView, usePeer } from '@effigy/react'
import type { WatchPolicy } from '@effigy/store'
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconMessage, IconUserCheck, IconUserPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { useFail } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { useTellUndo } from '../../components/undo-message.tsx'
import { shownName } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './person.module.css'
import type { VisitState } from './use-visit.ts'
import { words } from './words.ts'

export interface FollowBoxProps {
  readonly person: PersonView
  readonly visit: VisitState | null
  readonly again: () => void
}

/** For who has much to say, or little room. */
const newestOnly: WatchPolicy = {
  depth: { type: 'last', count: 500 },
  blobs: { type: 'up-to', bytes: 1024 * 1024 },
}

/** Beyond it a person is asked whether all of it is meant. Bytes, entries. */
const much = { bytes: 20 * 1024 * 1024, entries: 5_000 }

export function FollowBox({ person, visit }: FollowBoxProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  const [isBusy, setBusy] = useState(false)
  const { identity, isFollowed } = person
  const cost = visit?.type === 'known' ? visit.cost : null
  const isMuch = cost !== null && (cost.bytes > much.bytes || cost.entries > much.entries)
  const name = shownName(person, t('somebody'))

  async function follow(policy?: WatchPolicy): Promise<void> {
    setBusy(true)
    try {
      await peer.relate('follow', identity, true, policy)
      await peer.people.looked(identity)
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  async function unfollow(): Promise<void> {
    setBusy(true)
    try {
      await peer.relate('follow', identity, false)
      tellUndo(t('unfollowed', { name }), () => void follow())
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Stack gap="xs" className={classes.follow ?? ''}>
      <Group gap="xs">
        {isFollowed ? (
          <Button
            variant="light"
            leftSection={<IconUserCheck size={20} />}
            onClick={() => void unfollow()}
            loading={isBusy}
            aria-label={t('unfollow', { name })}
          >
            {t('following')}
          </Button>
        ) : (
          <Button leftSection={<IconUserPlus size={20} />} onClick={() => void follow()} loading={isBusy}>
            {t(isMuch ? 'followAll' : 'follow')}
          </Button>
        )}
        {!isFollowed && isMuch && (
          <Button variant="default" onClick={() => void follow(newestOnly)} disabled={isBusy}>
            {t('followNewest')}
          </Button>
        )}
        <Button
          variant="default"
          component={Link}
          href={`/talks/to/${identity}`}
          leftSection={<IconMessage size={20} />}
        >
          {t('write')}
        </Button>
      </Group>
      {!isFollowed && (
        <Text size="sm" c="var(--soft)" role="status">
          {costText()}
        </Text>
      )}
    </Stack>
  )

  function costText(): string {
    if (visit === null || visit.type === 'looking') return t('costLooking')
    if (cost === null || cost.told === 0) return t(cost?.isAlone === true ? 'costAlone' : 'costUnknown')
    const values = { count: cost.entries, number: formatNumber(cost.entries), size: formatBytes(cost.bytes) }
    const files =
      cost.fileBytes === null ? t('costFilesUnknown') : t('costFiles', { size: formatBytes(cost.fileBytes) })
    return `${t('cost', values)} ${cost.told < cost.feeds ? t('costPart') : ''} ${files}`
  }
}
