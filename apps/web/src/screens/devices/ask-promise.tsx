/**
 * What somebody is asked to keep: how much that is, and until when.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { LeaseSize } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useFail } from '../../components/fault.tsx'
import { formatBytes, formatDate } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

/** As long as a holder promises at once (V30): it is there for somebody who is away for two months. */
export const promiseDays = 90

/** Files up to this size each, bytes. */
const files: number = 64 * 1024 * 1024

const dayMs: number = 24 * 60 * 60 * 1000

export interface AskPromiseProps {
  readonly holder: Identity
  readonly isBusy: boolean
  /** `blobs`: as `AskLeaseOptions`. */
  readonly onAsk: (blobs: number) => void
  readonly onClose: () => void
}

export function AskPromise({ holder, isBusy, onAsk, onClose }: AskPromiseProps): ReactNode {
  const t = useWords(words)
  const all = useSize(holder, files)
  const texts = useSize(holder, 0)
  const [kept, setKept] = useState<'all' | 'texts'>('all')
  const first = useRef<HTMLInputElement>(null)
  // The button that opened this is gone.
  useEffect(() => first.current?.focus(), [])
  const sizeText = (size: LeaseSize | null): string =>
    size === null ? t('asking') : t('promiseSize', { size: formatBytes(size.bytes) })

  return (
    <Stack gap="sm">
      <Text size="sm">{t('promiseLead', { until: formatDate(Date.now() + promiseDays * dayMs) })}</Text>
      <Radio.Group label={t('promiseWhat')} value={kept} onChange={(next) => setKept(next as typeof kept)}>
        <Stack gap="sm" mt="xs">
          <Radio
            value="all"
            label={t('promiseAll', { most: formatBytes(files) })}
            description={sizeText(all)}
            ref={first}
          />
          <Radio value="texts" label={t('promiseTexts')} description={sizeText(texts)} />
        </Stack>
      </Radio.Group>
      {all !== null && all.missing > 0 && (
        <Text size="sm" c="var(--soft)">
          {t('promiseMissing', { count: all.missing })}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button loading={isBusy} onClick={() => onAsk(kept === 'all' ? files : 0)}>
          {t('promiseNow')}
        </Button>
      </Group>
    </Stack>
  )
}

/** Null: not counted yet. */
function useSize(holder: Identity, blobs: number): LeaseSize | null {
  const peer = usePeer()
  const fail = useFail()
  const [size, setSize] = useState<LeaseSize | null>(null)
  useEffect(() => {
    let isShown = true
    peer.leases.size(holder, { blobs }).then((counted) => {
      if (isShown) setSize(counted)
    }, fail)
    return () => {
      isShown = false
    }
  }, [peer, holder, blobs, fail])
  return size
}
