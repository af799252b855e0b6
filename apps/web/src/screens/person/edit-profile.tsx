/**
 * What one says of oneself: name, a few words, a picture. Everybody who follows sees it.
 *
 * @module
 */
import { type Identity, type ImageFile, maxAboutBytes, maxNameBytes, utf8Length } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { Button, FileButton, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { saveProfile, useOwnProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Fault } from '../../components/fault.tsx'
import { demandNoSecret } from '../../components/secret-guard/secret-in.ts'
import { useWords } from '../../words/use-words.ts'
import { addFace } from '../welcome/begin.ts'
import { words } from './words.ts'

/** ms for a picture to be made small. */
const patienceMs = 60_000

export interface EditProfileProps {
  /** Of the account, for the colour of a face without a picture. */
  readonly identity: Identity
  readonly close: () => void
}

export function EditProfile({ identity, close }: EditProfileProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const page = usePage()
  const before = useOwnProfile()
  const [name, setName] = useState(before.name)
  const [about, setAbout] = useState(before.about)
  const [avatar, setAvatar] = useState<ImageFile | null>(before.avatar)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const isLong = utf8Length(name.trim()) > maxNameBytes || utf8Length(about.trim()) > maxAboutBytes

  async function attempt(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }

  function choose(file: File | null): void {
    if (file === null) return
    void attempt(async () => setAvatar(await addFace(peer, file, AbortSignal.timeout(patienceMs))))
  }

  function save(event: FormEvent): void {
    event.preventDefault()
    void attempt(async () => {
      await demandNoSecret(name, about)
      await saveProfile(page, peer, { name: name.trim(), about: about.trim(), avatar })
      close()
    })
  }

  return (
    <Modal opened onClose={close} title={t('editTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={save}>
        <Stack>
          <Text>{t('editText')}</Text>
          <Group>
            <Avatar identity={identity} name={name} picture={avatar} size={72} />
            <FileButton accept="image/*" onChange={choose}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconPhoto size={20} />} disabled={isBusy}>
                  {t('editPicture')}
                </Button>
              )}
            </FileButton>
            {avatar !== null && (
              <Button variant="subtle" onClick={() => setAvatar(null)} disabled={isBusy}>
                {t('editNoPicture')}
              </Button>
            )}
          </Group>
          <TextInput
            label={t('editName')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            autoComplete="nickname"
            dir="auto"
            data-autofocus
          />
          <Textarea
            label={t('editAbout')}
            value={about}
            onChange={({ currentTarget }) => setAbout(currentTarget.value)}
            autosize
            minRows={3}
            maxRows={10}
            dir="auto"
          />
          {isLong && (
            <Text role="alert" size="sm">
              {t('editLong')}
            </Text>
          )}
          {error !== null && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={isLong}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
