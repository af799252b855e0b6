export type { DeviceValue } from './device-states.ts'
export type { Notice, Notices } from './notices.ts'
export type { Siblings } from './resolve.ts'
export { createViews, type Views, type ViewsOptions } from './views.ts'
