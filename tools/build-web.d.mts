/** Builds the web app into `apps/web/dist` where something changed; gives the exit code. */
export function buildWeb(): number
