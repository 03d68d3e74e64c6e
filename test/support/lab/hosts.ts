/** Who is on the laboratory's network. Each is a network namespace in a subnet of its own. */
export const HOSTS = ['speaker', 'listener', 'server', 'relay'] as const;
export type Host = (typeof HOSTS)[number];

/** Those whose network is tampered with: people, never the server. */
export type Person = Extract<Host, 'speaker' | 'listener'>;

const subnets: Readonly<Record<Host, number>> = { speaker: 1, listener: 2, server: 10, relay: 20 };

/** Where a host begins; people may move to further addresses of their subnet. */
export const address = (host: Host, number = 2): string => `10.77.${subnets[host]}.${number}`;

/** The router's own address towards a host. */
export const gateway = (host: Host): string => address(host, 1);

/** The router's interface towards a host. */
export const port = (host: Host): string => `to-${host}`;
