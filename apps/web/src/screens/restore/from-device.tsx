/**
 * As another device of one's own: one of the two shows a code, the other reads it, four pictures are compared on both.
 *
 * @module
 */
import { parseLinkCode } from '@effigy/core'
import { Button, List, Loader, Stack, Text } from '@mantine/core'
import { sha256 } from '@noble/hashes/sha2.js'
import { type ReactNode, useState } from 'react'
import { deviceLabel } from '../../app/device-label.ts'
import { QrScan } from '../../components/qr-scan.tsx'
import { inOne, useFaultWords } from '../../faults/use-fault.ts'
import { useWords } from '../../words/use-words.ts'
import { Linking } from '../devices/linking.tsx'
import { ShownCode } from '../devices/shown-code.tsx'
import { goRestoring } from './choice.ts'
import { showReachable } from './show-here.ts'
import { words } from './words.ts'

export function FromDevice(): ReactNode {
  const t = useWords(words)
  const [way, setWay] = useState<'read' | 'show'>('read')
  return (
    <Stack>
      {way === 'read' ? <Read /> : <Show />}
      {/* Whichever of the two has a camera. */}
      <Button variant="subtle" onClick={() => setWay(way === 'read' ? 'show' : 'read')}>
        {t(way === 'read' ? 'showHere' : 'readHere')}
      </Button>
    </Stack>
  )
}

const label = (): string => deviceLabel(navigator.userAgent)

function Show(): ReactNode {
  const t = useWords(words)
  const [count, setCount] = useState(0)
  return (
    <Linking
      key={count}
      begin={(peer) => showReachable(peer, label())}
      waiting={(text) => (
        <ShownCode
          text={text ?? ''}
          lead={
            <List type="ordered" spacing="xs" w="100%">
              <List.Item>{t('deviceFirst')}</List.Item>
              <List.Item>{t('showSecond')}</List.Item>
              <List.Item>{t('showThird')}</List.Item>
            </List>
          }
        />
      )}
      onLinked={() => goRestoring('fetching')}
      onAgain={() => setCount(count + 1)}
    />
  )
}

function Read(): ReactNode {
  const t = useWords(words)
  const say = useFaultWords()
  const [code, setCode] = useState<string | null>(null)

  function read(text: string): string | null {
    const parsed = parseLinkCode(text.trim(), { nowMs: Date.now(), isUsed: () => false, sha256 })
    if (!parsed.ok) return inOne(say(parsed.error))
    setCode(text.trim())
    return null
  }

  if (code !== null) {
    return (
      <Linking
        begin={(peer) => peer.account.readLink(code, { label: label() })}
        waiting={() => (
          <Stack align="center" role="status">
            <Loader aria-hidden />
            <Text>{t('dialling')}</Text>
          </Stack>
        )}
        onLinked={() => goRestoring('fetching')}
        onAgain={() => setCode(null)}
      />
    )
  }
  return (
    <Stack>
      <List type="ordered" spacing="xs">
        <List.Item>{t('deviceFirst')}</List.Item>
        <List.Item>{t('deviceSecond')}</List.Item>
        <List.Item>{t('deviceThird')}</List.Item>
      </List>
      <QrScan onText={read} pasteLabel={t('pasteCode')} />
    </Stack>
  )
}
