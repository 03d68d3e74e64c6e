/** One device as it is offered. */
export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

/** What a page can do when a chosen device comes or goes. */
export type DeviceChange =
  /** The chosen one has gone: the system's default has to do. */
  | { readonly type: 'gone'; readonly label: string }
  /** The chosen one is there again. */
  | { readonly type: 'back'; readonly label: string };

/**
 * What has become of the device somebody chose, from one list of devices to the next. Without a
 * choice ('') nothing does: the system's default is always there. An empty list tells nothing, since
 * browsers hide devices until they may be used.
 */
export function deviceChange(
  chosen: string,
  before: readonly DeviceChoice[],
  now: readonly DeviceChoice[],
): DeviceChange | undefined {
  if (chosen === '' || before.length === 0) return undefined;
  const was = before.find(({ id }) => id === chosen);
  const is = now.find(({ id }) => id === chosen);
  if (was !== undefined && is === undefined) return { type: 'gone', label: was.label };
  if (was === undefined && is !== undefined) return { type: 'back', label: is.label };
  return undefined;
}
