/**
 * Being found: one's own page as a code for the camera of a friend, and as a link to be sent.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Button, Center, CopyButton, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck, IconCopy, IconShare } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { QrCode } from '../../components/qr-code.tsx'
import { useWords } from '../../words/use-words.ts'
import { personLink } from './read-person.ts'
import { words } from './words.ts'

export function MyCode({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(words)
  const { identity } = usePeer()
  // The account's own name stays when devices come and go.
  const known = useLive('people.name', identity).value
  const link = personLink(known?.identity ?? identity)
  const { share } = navigator as { readonly share?: (data: { readonly url: string }) => Promise<void> }
  return (
    <Modal opened onClose={close} title={t('myCodeTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text>{t('myCodeText')}</Text>
        <Center>
          <QrCode text={link} label={t('qrLabel')} />
        </Center>
        <TextInput
          label={t('myLink')}
          value={link}
          readOnly
          dir="ltr"
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button leftSection={copied ? <IconCheck size={20} /> : <IconCopy size={20} />} onClick={copy}>
              {copied ? t('copied') : t('copyLink')}
            </Button>
          )}
        </CopyButton>
        {share !== undefined && (
          <Button
            variant="default"
            leftSection={<IconShare size={20} />}
            onClick={() => void navigator.share({ url: link }).catch(() => {})}
          >
            {t('share')}
          </Button>
        )}
      </Stack>
    </Modal>
  )
}
