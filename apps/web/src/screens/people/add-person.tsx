/**
 * Finding somebody: by the code on their screen, their link, their address at a hub, or an invite.
 *
 * @module
 */
import { parseIdentity } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { Modal, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { openInvite } from '../../app/invite-place.ts'
import { QrScan } from '../../components/qr-scan.tsx'
import { Working } from '../../components/working.tsx'
import { inOne, useFaultWords } from '../../faults/use-fault.ts'
import { useWords } from '../../words/use-words.ts'
import { readPerson } from './read-person.ts'
import { words } from './words.ts'

export function AddPerson({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const say = useFaultWords()
  const [, go] = useLocation()
  const [asked, setAsked] = useState<string | null>(null)
  const until = useRef<AbortController | null>(null)
  useEffect(() => () => until.current?.abort(), [])

  async function take(text: string): Promise<string | null> {
    const found = readPerson(text)
    if (found === null) return t('notUnderstood')
    switch (found.type) {
      case 'device-code':
        return t('deviceCode')
      case 'invite':
        openInvite(found.code)
        close()
        return null
      case 'person':
        close()
        go(`/p/${found.identity}`)
        return null
      case 'alias':
        return ask(found.text)
    }
  }

  async function ask(alias: string): Promise<string | null> {
    const control = new AbortController()
    until.current?.abort()
    until.current = control
    setAsked(alias)
    try {
      const answer = await peer.joining.resolveAlias(alias, { signal: control.signal })
      if (!answer.ok) return inOne(say(answer.error))
      close()
      go(`/p/${parseIdentity(answer.value.identity)}`)
      return null
    } catch (error) {
      return control.signal.aborted ? t('stopped') : inOne(say(error))
    } finally {
      setAsked(null)
    }
  }

  return (
    <Modal opened onClose={close} title={t('add')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text>{t('addText')}</Text>
        {asked !== null && (
          <Working
            title={t('looking', { name: asked })}
            done={0}
            total={null}
            onCancel={() => until.current?.abort()}
          />
        )}
        <QrScan onText={take} pasteLabel={t('pasteLabel')} />
      </Stack>
    </Modal>
  )
}
