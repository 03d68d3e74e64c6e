import { address, gateway, port, type Host, type Person } from './hosts.ts';

/** What is done to the network between one person and everyone else. */
export type Fault =
  /** Nothing gets through in either direction, and nobody is told. */
  | { readonly kind: 'cut' }
  /** A protocol is blocked, towards one host or all, one port of it or all. */
  | {
      readonly kind: 'drop';
      readonly protocol: 'udp' | 'tcp';
      readonly towards?: Host;
      readonly port?: number;
    }
  /** A strict firewall: connections to this TCP port, and nothing else. */
  | { readonly kind: 'only-tcp'; readonly port: number }
  /** Random packets are lost, in each direction by itself. */
  | { readonly kind: 'lose'; readonly percent: number }
  /** Connections to this TCP port are reset, new ones too. */
  | { readonly kind: 'reset'; readonly port: number };

/** The table that puts a fault into the router, in nft's language. */
export function tableOf(fault: Fault, person: Person, name: string): string {
  const rules = bothWays(person).flatMap((way) => rulesOf(fault).map((rule) => `${way} ${rule}`));
  return [
    `table ip ${name} {`,
    '  chain passing {',
    '    type filter hook forward priority 0; policy accept;',
    ...rules.map((rule) => `    ${rule}`),
    '  }',
    '}',
  ].join('\n');
}

function rulesOf(fault: Fault): readonly string[] {
  switch (fault.kind) {
    case 'cut':
      return ['drop'];
    case 'drop':
      return [`${towards(fault.towards)}${packets(fault.protocol, fault.port)} drop`];
    case 'only-tcp':
      return [`tcp dport ${fault.port} accept`, `tcp sport ${fault.port} accept`, 'drop'];
    case 'lose':
      return [`numgen random mod 10000 < ${Math.round(fault.percent * 100)} drop`];
    case 'reset':
      return [
        `tcp dport ${fault.port} reject with tcp reset`,
        `tcp sport ${fault.port} reject with tcp reset`,
      ];
  }
}

const towards = (host: Host | undefined): string =>
  host === undefined ? '' : `ip daddr ${address(host)} `;

const packets = (protocol: 'udp' | 'tcp', to: number | undefined): string =>
  to === undefined ? `meta l4proto ${protocol}` : `${protocol} dport ${to}`;

const bothWays = (person: Person): readonly string[] => [
  `iifname "${port(person)}"`,
  `oifname "${port(person)}"`,
];

/** Leads what a person sends to a UDP port of the server through a port of the router itself. */
export function detourOf(person: Person, ports: { from: number; to: number }): string {
  return [
    `table ip detour-${person} {`,
    '  chain arriving {',
    '    type nat hook prerouting priority -100; policy accept;',
    `    iifname "${port(person)}" udp dport ${ports.from} dnat to ${gateway(person)}:${ports.to}`,
    '  }',
    '}',
  ].join('\n');
}
