/**
 * What one calls somebody: for oneself alone, on all own devices.
 *
 * @module
 */
import { type PersonView, usePeer } from '@effigy/react'
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { inOne, useFaultWords } from '../../faults/use-fault.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export interface PersonDialogProps {
  readonly person: PersonView
  readonly close: () => void
}

export function PetnameDialog({ person, close }: PersonDialogProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const say = useFaultWords()
  const [text, setText] = useState(person.petname ?? '')
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      await peer.people.setPetname(person.identity, text.trim() === '' ? null : text)
      close()
    } catch (reason) {
      setError(reason)
      setBusy(false)
    }
  }

  return (
    <Modal opened onClose={close} title={t('petname')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <Text>{t('petnameText')}</Text>
          <TextInput
            label={t('petnameLabel')}
            placeholder={person.name}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            error={error === null ? null : inOne(say(error))}
            maxLength={96}
            dir="auto"
            data-autofocus
            autoComplete="off"
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
