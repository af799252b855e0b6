/**
 * Devices that are out of the account without an end, and wrote more than is here: whether that counts (spec Y12).
 *
 *     others have more ─ all of it was mine ─▶ its feed ends there, and it comes
 *                      └ leave it out ─▶ its feed ends with what is here
 *
 * @module
 */
import type { Final } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconMailbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type KeptOut, keptOutOf } from '../../app/kept-out.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { tell } from '../../components/tell.ts'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function FormerDevices(): ReactNode {
  const t = useWords(words)
  const { value: account = null } = useLive('account.show')
  const who = whoDecides(account)
  return keptOutOf(account).map((device) => (
    <Alert
      key={device.identity}
      color="yellow"
      role="status"
      icon={<IconMailbox />}
      title={t('keptOut', { label: device.label })}
    >
      <Stack gap="sm">
        <Text size="sm">{t('keptOutText', { count: device.count })}</Text>
        {who === 'here' ? <Decide {...device} /> : <Text size="sm">{t(`keptOut_${who}`)}</Text>}
      </Stack>
    </Alert>
  ))
}

type Account = Parameters<typeof keptOutOf>[0] & { readonly disputed: boolean }

/** Nobody, until the account was taken back. */
function whoDecides(account: Account | null): 'here' | 'main' | 'nobody' {
  if (account?.disputed === true || account?.role === 'main-without-key') return 'nobody'
  return account?.role === 'main' ? 'here' : 'main'
}

function Decide({ identity, label, held, told }: KeptOut): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()

  const end = async (final: Final | null, name: 'letIn' | 'leaveOut'): Promise<void> => {
    const [title, text] = [t(name), t(`${name}Text`, { label })]
    if (!(await confirmAct({ title, text, act: title }))) return
    act(async () => {
      await peer.account.revoke(identity, { final })
      tell({ message: t(`${name}Done`, { label }), role: 'status' })
    })
  }

  return (
    <>
      {error !== null && <Fault error={error} />}
      <Group>
        <Button disabled={isBusy} onClick={() => void end(told, 'letIn')}>
          {t('letIn')}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={() => void end(held, 'leaveOut')}>
          {t('leaveOut')}
        </Button>
      </Group>
    </>
  )
}
