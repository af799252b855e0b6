/**
 * What the devices of a person gave and took here, and may take beyond that by the word of the operator.
 *
 * @module
 */
import { Button, Group, NumberInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { formatBytes } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './administration.module.css'
import type { Listed } from './ask.ts'
import { Entry, Section, Short } from './entry.tsx'
import { useAct, useAsked } from './use-hub.ts'
import { words } from './words.ts'

interface CreditRow {
  readonly identity: string
  readonly givenBytes: number
  readonly takenBytes: number
  readonly grantedBytes: number
}

export interface CreditProps {
  readonly who: string
  readonly devices: readonly { readonly identity: string }[]
}

const megabyte = 1_000_000

export function Credit({ who, devices }: CreditProps): ReactNode {
  const t = useWords(words)
  const { value } = useAsked<Listed<CreditRow>>('credit show', { who })
  const rows = new Map((value?.items ?? []).map((row) => [row.identity, row]))
  return (
    <Section title={t('credit')} text={t('creditText')}>
      <ul className={classes.entries}>
        {devices.map(({ identity }) => {
          const { givenBytes = 0, takenBytes = 0, grantedBytes = 0 } = rows.get(identity) ?? {}
          return (
            <Entry
              key={identity}
              title={<Short name={identity} />}
              about={[
                t('creditSoFar', {
                  given: formatBytes(givenBytes),
                  taken: formatBytes(takenBytes),
                  granted: formatBytes(grantedBytes),
                }),
              ]}
            >
              <Grant identity={identity} />
            </Entry>
          )
        })}
      </ul>
    </Section>
  )
}

function Grant({ identity }: { readonly identity: string }): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const [more, setMore] = useState<number | string>('')
  const [isBusy, setBusy] = useState(false)
  // Grants add up: what is pressed twice before it shows is given once.
  const isGiving = useRef(false)

  async function grant(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (typeof more !== 'number' || isGiving.current) return
    isGiving.current = true
    setBusy(true)
    const done = await act('credit grant', { identity, bytes: more * megabyte })
    isGiving.current = false
    setBusy(false)
    if (done !== null) setMore('')
  }

  return (
    <form onSubmit={(event) => void grant(event)}>
      <Group gap="xs" align="end" wrap="nowrap">
        <NumberInput
          size="sm"
          w="8.5rem"
          label={t('creditMore')}
          value={more}
          onChange={setMore}
          min={1}
          max={10_000_000}
          allowDecimal={false}
          hideControls
        />
        <Button
          type="submit"
          variant="default"
          size="sm"
          disabled={typeof more !== 'number'}
          loading={isBusy}
        >
          {t('creditGrant')}
        </Button>
      </Group>
    </form>
  )
}
