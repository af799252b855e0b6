/**
 * How the app looks: calm paper, one warm colour, big type.
 *
 * @module
 */
import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core'

/** White on it: 6.0 at 7, 4.9 at 6. Text of this colour on the dark page is 3 (`global.css`). */
const clay: MantineColorsTuple = [
  '#fdf1ec',
  '#f8ded4',
  '#f0bba7',
  '#e79677',
  '#df7650',
  '#d26039',
  '#c2522c',
  '#a94524',
  '#8a381d',
  '#6c2b16',
]

/** Body is 7, cards and fields 6, lines 4, soft text 2. */
const dark: MantineColorsTuple = [
  '#d9d5e0',
  '#c1bccb',
  '#a09aac',
  '#6a6576',
  '#45414f',
  '#36333d',
  '#211f26',
  '#17161a',
  '#121115',
  '#0d0c10',
]

const theme = createTheme({
  colors: { clay, dark },
  primaryColor: 'clay',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif',
  headings: { fontWeight: '650' },
  components: {
    // Coloured words on their own light colour are too pale to read.
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    ActionIcon: { defaultProps: { size: 44, variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { openDelay: 400 } },
  },
})

/** What Mantine's own buttons are called in the language of now: those that close something, and those that show what is typed. */
export function themeWith(close: string, showTyped: string): MantineThemeOverride {
  const closeButtonProps = { 'aria-label': close }
  const visibilityToggleButtonProps = { 'aria-label': showTyped }
  return createTheme({
    ...theme,
    components: {
      // Coloured words on their own light colour are too pale to read.
      Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
      ...theme.components,
      Drawer: { defaultProps: { closeButtonProps } },
      PasswordInput: { defaultProps: { size: 'md', visibilityToggleButtonProps } },
      // The first of it has the focus, not a thing that nobody sees.
      Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
      Modal: { defaultProps: { centered: true, closeButtonProps } },
      // So is what stands below a title.
      Notification: { defaultProps: { closeButtonProps }, styles: { description: { color: 'var(--soft)' } } },
    },
  })
}
