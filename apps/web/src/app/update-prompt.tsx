/**
 * A new release waits until the person says so: two versions never share one page.
 *
 *     service worker waits ─▶ "A new version is ready" ─Use it now▶ it takes over, pages load again
 *
 * @module
 */
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { Workbox } from 'workbox-window'
import { useWords } from '../words/use-words.ts'
import { watchTold } from './above-told.ts'
import classes from './update-prompt.module.css'
import { words } from './words.ts'

/** ms between looks for a new release, of a page that stays open. */
const lookMs = 60 * 60 * 1_000

function watchPrompt(prompt: HTMLElement | null): (() => void) | undefined {
  return prompt === null ? undefined : watchTold('update', prompt)
}

export function UpdatePrompt(): ReactNode {
  const t = useWords(words)
  const [waiting, setWaiting] = useState<Workbox | null>(null)
  useEffect(() => {
    if (navigator.serviceWorker === undefined) return
    const { serviceWorker } = navigator
    const workbox = new Workbox('/service-worker.js')
    // The page of a first visit gets its worker late; the one after that is another release, in every tab.
    let hasWorker = serviceWorker.controller !== null
    const show = (): void => {
      // Where one waits there is one, also when the page was loaded past it (Shift and reload).
      hasWorker = true
      setWaiting(workbox)
    }
    const reload = (): void => {
      if (hasWorker) globalThis.location.reload()
      hasWorker = true
    }
    workbox.addEventListener('waiting', show)
    serviceWorker.addEventListener('controllerchange', reload)
    // Private windows refuse it, and the app works without.
    workbox.register().catch(() => {})
    const timer = setInterval(() => void workbox.update().catch(() => {}), lookMs)
    return () => {
      clearInterval(timer)
      workbox.removeEventListener('waiting', show)
      serviceWorker.removeEventListener('controllerchange', reload)
    }
  }, [])
  if (waiting === null) return null
  return (
    <Paper ref={watchPrompt} className={classes.prompt} role="status" shadow="md" p="md" withBorder>
      <Stack gap="xs">
        <Text fw={600}>{t('updateTitle')}</Text>
        <Text size="sm">{t('update')}</Text>
        <Group justify="flex-end">
          <Button variant="subtle" onClick={() => setWaiting(null)}>
            {t('later')}
          </Button>
          <Button onClick={() => waiting.messageSkipWaiting()}>{t('updateNow')}</Button>
        </Group>
      </Stack>
    </Paper>
  )
}
