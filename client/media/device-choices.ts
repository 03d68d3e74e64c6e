import type { DeviceChoice } from './device-changes.ts';

/**
 * Devices of one kind, each id once: Firefox gives two headsets of the same make the same id. Those
 * without an id are not known until permission is given; the system's default has an entry of its own.
 */
export function deviceChoices(
  devices: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[],
  kind: MediaDeviceKind,
  name: string,
): readonly DeviceChoice[] {
  const known = devices.filter(
    (device) => device.kind === kind && !['', 'default'].includes(device.deviceId),
  );
  const byId = new Map(known.map((device) => [device.deviceId, device.label]));
  return Array.from(byId, ([id, label], index) => ({ id, label: label || `${name} ${index + 1}` }));
}
