/**
 * One more device: its camera reads the code here, or this one reads the code there.
 *
 * @module
 */
import { parseLinkCode } from '@effigy/core'
import { Button, Card, Group, Loader, Stack, Text } from '@mantine/core'
import { sha256 } from '@noble/hashes/sha2.js'
import { IconCircleCheck } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { beginHere } from '../../app/account-notices/done-here.ts'
import { deviceLabel } from '../../app/device-label.ts'
import { QrScan } from '../../components/qr-scan.tsx'
import { inOne, useFaultWords } from '../../faults/use-fault.ts'
import { useWords } from '../../words/use-words.ts'
import { Linking } from './linking.tsx'
import { ShownCode } from './shown-code.tsx'
import { words } from './words.ts'

export function AddDevice({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useWords(words)
  const say = useFaultWords()
  const [way, setWay] = useState<'show' | 'read' | 'done'>('show')
  const [code, setCode] = useState<string | null>(null)
  const [count, setCount] = useState(0)
  const label = deviceLabel(navigator.userAgent)
  useEffect(() => beginHere(), [])
  const again = (): void => {
    setCode(null)
    setCount((last) => last + 1)
  }

  function read(text: string): string | null {
    const parsed = parseLinkCode(text.trim(), { nowMs: Date.now(), isUsed: () => false, sha256 })
    if (!parsed.ok) return inOne(say(parsed.error))
    setCode(text.trim())
    return null
  }

  return (
    <Card withBorder bg="var(--card)">
      <Stack>
        {way === 'done' && (
          <Stack align="center" role="status">
            <IconCircleCheck size={64} stroke={1.2} />
            <Text size="lg" ta="center">
              {t('added')}
            </Text>
          </Stack>
        )}
        {way === 'show' && (
          <Linking
            key={`show ${count}`}
            begin={(peer) => peer.account.showLink({ label })}
            waiting={(text) => (
              <ShownCode text={text ?? ''} lead={<Text ta="center">{t('codeLead')}</Text>} />
            )}
            onLinked={() => setWay('done')}
            onAgain={again}
          />
        )}
        {way === 'read' && code === null && <QrScan onText={read} pasteLabel={t('codeText')} />}
        {way === 'read' && code !== null && (
          <Linking
            key={`read ${count}`}
            begin={(peer) => peer.account.readLink(code, { label })}
            waiting={() => <Loader aria-label={t('asking')} />}
            onLinked={() => setWay('done')}
            onAgain={again}
          />
        )}
        <Group justify="space-between">
          {way === 'done' ? (
            <span />
          ) : (
            <Button variant="subtle" onClick={() => setWay(way === 'show' ? 'read' : 'show')}>
              {t(way === 'show' ? 'readInstead' : 'showInstead')}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {t(way === 'done' ? 'close' : 'cancel')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
