/** What messages say, in the order in which they are listed; null where one is not shown. */
export const textsOf = (items: readonly { readonly state: object }[]): readonly unknown[] =>
  items.map(({ state }) => ('payload' in state ? (state.payload as { text?: string }).text : null))
