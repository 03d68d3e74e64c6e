import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Cluster } from './cluster.ts';
import type { LeaseCounts } from './shared-directory.ts';

/** What of a cluster is read when it is asked for. */
export type ClusterFigures = Pick<Cluster, 'connected' | 'nodes' | 'load'> & {
  readonly directory: { readonly size: number; readonly counts: Readonly<LeaseCounts> };
};

const PREFIX = 'parley_server_cluster_';

/** The metrics of a node among others; a server that is alone has none of them. */
export function registerClusterMetrics(registry: Registry, cluster: ClusterFigures): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name: PREFIX + name, help, registers },
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      ...{ name: `${PREFIX}${name}_total`, help, registers },
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  const { counts } = cluster.directory;
  gauge('redis_up', '1 while Redis is there.', () => Number(cluster.connected));
  gauge('nodes', 'Nodes that are up, as this one sees them.', () => cluster.nodes);
  gauge(
    'load_ratio',
    'How much of this node is used, as meetings are placed by it.',
    () => cluster.load,
  );
  gauge('leases', 'Meetings this node has.', () => cluster.directory.size);
  counter('claims', 'Meetings this node has taken.', () => counts.claimed);
  counter('leases_lost', 'Meetings that another node took from this one.', () => counts.lost);
  counter('moves', 'Meetings handed over to other nodes before a stop.', () => counts.moved);
  counter(
    'refused_writes',
    'Writes about a meeting that was no longer this node’s.',
    () => counts.refused,
  );
  counter(
    'dropped_lines',
    'Captions given up because too many waited for Redis.',
    () => counts.dropped,
  );
}
