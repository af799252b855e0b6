/**
 * One entry: its bytes as they are kept, and whether they are what they claim, checked anew.
 *
 * @module
 */
import { encodeBase64url, type RawCid } from '@effigy/core'
import type { EntryCheck, InspectedEntry } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './inspector.module.css'
import { words } from './words.ts'

export function EntryView({ cid }: { readonly cid: RawCid }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const [entry, setEntry] = useState<InspectedEntry | null>(null)
  const [check, setCheck] = useState<EntryCheck | null>(null)
  const [error, setError] = useState<unknown>(null)

  useEffect(() => {
    let isOver = false
    Promise.all([peer.inspecting.entry(cid), peer.inspecting.check(cid)]).then(
      ([found, checked]) => {
        if (isOver) return
        setEntry(found)
        setCheck(checked)
      },
      (reason) => {
        if (!isOver) setError(reason)
      },
    )
    return () => {
      isOver = true
    }
  }, [peer, cid])

  if (error !== null) return <Fault error={error} />
  if (entry === null || check === null) return null
  const report = reportOf(entry, check)
  return (
    <Stack gap="xs" py="sm">
      <Group gap="md">
        <Verdict is={check.isNamed} text={t('isNamed')} />
        <Verdict is={check.isSigned} text={t('isSigned')} />
        <Verdict is={check.isChained} text={t('isChained')} />
      </Group>
      <Text size="sm" fw={600}>
        {t('bytes')}
      </Text>
      <Raw name={t('bytes')} bytes={entry.raw} />
      {entry.body !== null && (
        <>
          <Text size="sm" fw={600}>
            {t('body')}
          </Text>
          <Raw name={t('body')} bytes={entry.body} />
        </>
      )}
      <Group justify="flex-end">
        <CopyButton value={report} timeout={3_000}>
          {({ copied, copy }) => (
            <Button size="sm" variant="default" onClick={copy}>
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="var(--soft)">
        {t('copyText')}
      </Text>
    </Stack>
  )
}

/** Somebody else's text: as text alone. It may be longer than its place, and keys scroll only what they reach. */
function Raw({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there
    <section tabIndex={0} aria-label={name} className={classes.raw}>
      <pre dir="ltr" data-others>
        {new TextDecoder().decode(bytes)}
      </pre>
    </section>
  )
}

function Verdict({ is, text }: { readonly is: boolean | null; readonly text: string }): ReactNode {
  const t = useWords(words)
  const [Icon, said] =
    is === null ? [IconHelpCircle, t('unknown')] : is ? [IconCircleCheck, t('yes')] : [IconCircleX, t('no')]
  return (
    <Group gap={4} wrap="nowrap">
      <Icon size={20} aria-label={said} />
      <Text size="sm">{text}</Text>
    </Group>
  )
}

/** What a bug report needs: everything but what was said. */
function reportOf(entry: InspectedEntry, check: EntryCheck): string {
  const { cid, identity, length, comparable, type, bytes, parent, isVerified, isSealed, links, signature } =
    entry
  return JSON.stringify(
    {
      ...{ cid, identity, length, comparable, type, bytes, parent, isVerified, isSealed },
      links: links.length,
      signature: encodeBase64url(signature),
      check,
    },
    null,
    2,
  )
}
