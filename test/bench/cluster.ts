import { seededRandom } from '../support/seeded-random.ts';
import { measuredCosts } from './cluster/measured-costs.ts';
import { heldBy } from './cluster/simulation.ts';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const NODES = 3;
const MAX_LATE = 0.01;
/** Each round takes the mean of so many courses of chance. */
const COURSES = 5;
const PRIME = 7_919;

/**
 * A simulation: three machines of 16 cores are not here. What meetings, beats and leases cost is
 * measured in the same run, and meetings are placed by the code that places them in a cluster, on loads
 * as old as beats are apart. A single node needs no beats and no placing.
 */
export const cluster: Benchmark = {
  name: 'cluster',
  summary: 'meetings held by three nodes, against one, in simulation with measured costs',
  run: async () => {
    const costs = await measuredCosts();
    const held = (nodes: number) => {
      let round = 0;
      return () => {
        round += 1;
        const chances = Array.from({ length: COURSES }, (_, course) => {
          return () => seededRandom(PRIME * (COURSES * round + course));
        });
        return Promise.resolve(heldBy({ nodes, costs }, MAX_LATE, chances));
      };
    };
    const turns = await takeTurns({ ours: held(NODES), baseline: held(1) });
    printTable(
      ['measured, ms of CPU', ''],
      [
        ['a node at rest, each second', costs.rest],
        ['a meeting in which somebody speaks, each second', costs.speech],
        ['a listener, each second', costs.listener],
        ['a language more, while somebody speaks, each second', costs.language],
        ['a beat', costs.beat],
        ['a node seen, each beat', costs.nodeSeen],
        ['a lease renewed', costs.lease],
      ],
    );
    printTable(
      ['simulated, 1 % of frames late', 'meetings'],
      [
        ['three nodes of 16 cores', turns.ours],
        ['one', turns.baseline],
      ],
    );
    return {
      benchmark: 'cluster',
      ...turns,
      goal: 2.8,
      lowerIsBetter: false,
      unit: 'meetings (simulation)',
    };
  },
};
