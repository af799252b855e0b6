/**
 * Frames as they go, while somebody looks: who, which, how long. What is said in them is not shown.
 *
 * @module
 */
import type { WireLine } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, CopyButton, Group, Switch, Text } from '@mantine/core'
import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useFail } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './inspector.module.css'
import { short } from './short.ts'
import { words } from './words.ts'

/** Lines that stay. */
const maxLines = 300

interface Numbered extends WireLine {
  readonly number: number
}

export function WireLog(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [isOn, setOn] = useState(false)
  const [lines, setLines] = useState<readonly Numbered[]>([])
  const [missed, setMissed] = useState(0)

  useEffect(() => {
    if (!isOn) return
    const stop = new AbortController()
    let number = 0
    const read = async (): Promise<void> => {
      for await (const batch of peer.inspecting.wire(stop.signal)) {
        setMissed((before) => before + batch.missed)
        const more = batch.lines.map((line) => ({ ...line, number: number++ }))
        setLines((before) => [...more.reverse(), ...before].slice(0, maxLines))
      }
    }
    read().catch((error: unknown) => {
      if (!stop.signal.aborted) fail(error)
    })
    return () => stop.abort()
  }, [peer, fail, isOn])

  const report = lines
    .map(({ at, direction, remote, type, bytes }) =>
      [new Date(at).toISOString(), direction, short(remote), type, bytes].join(' '),
    )
    .concat(missed === 0 ? [] : [`missed ${missed}`])
    .join('\n')
  return (
    <Section title={t('wire')} text={t('wireText')}>
      <Group justify="space-between">
        <Switch
          size="md"
          label={t('wireOn')}
          checked={isOn}
          onChange={({ currentTarget }) => {
            if (currentTarget.checked) {
              setLines([])
              setMissed(0)
            }
            setOn(currentTarget.checked)
          }}
        />
        {lines.length > 0 && (
          <CopyButton value={report} timeout={3_000}>
            {({ copied, copy }) => (
              <Button size="sm" variant="default" onClick={copy}>
                {copied ? t('copied') : t('copy')}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
      {missed > 0 && (
        <Text size="sm" c="var(--soft)" role="status">
          {t('wireMissed', { count: missed })}
        </Text>
      )}
      {isOn && lines.length === 0 && <Text c="var(--soft)">{t('wireQuiet')}</Text>}
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too
        <section className={classes.wire} tabIndex={0} aria-label={t('wire')} dir="ltr">
          {lines.map(({ number, direction, remote, type, bytes, header }) => (
            <details key={number} className={classes.frame}>
              <summary>
                {direction === 'sent' ? (
                  <IconArrowUpRight size={16} aria-label={t('sent')} />
                ) : (
                  <IconArrowDownLeft size={16} aria-label={t('received')} />
                )}
                <b>{type}</b> <span>{formatBytes(bytes)}</span> <span>{short(remote)}</span>
              </summary>
              <code>{header}</code>
            </details>
          ))}
        </section>
      )}
    </Section>
  )
}
