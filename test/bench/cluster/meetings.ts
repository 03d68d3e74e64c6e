/**
 * How many people are in a meeting, and how many meetings of a hundred are so: assumed, after what
 * every count of meetings says, most are small and a few are not.
 */
const SIZES = [
  { people: 2, of100: 35 },
  { people: 3, of100: 20 },
  { people: 4, of100: 14 },
  { people: 5, of100: 9 },
  { people: 6, of100: 6 },
  { people: 8, of100: 8 },
  { people: 12, of100: 6 },
  { people: 16, of100: 2 },
] as const;

const MEAN_MS = 35 * 60_000;
/** Seconds of a meeting in which somebody speaks. */
const TALK = 0.8;

/** What meetings cost a machine, in milliseconds of processor time a second. */
export interface MeetingCosts {
  /** While somebody speaks and is heard in one language; the meeting's own included. */
  readonly speech: number;
  readonly listener: number;
  readonly language: number;
}

export interface SimulatedMeeting {
  readonly people: number;
  readonly endsAt: number;
  /** In a second in which somebody speaks. */
  readonly talking: number;
  /** In any second. */
  readonly always: number;
  /** Frames sent in a second in which somebody speaks, to all. */
  readonly frames: number;
}

const FRAMES = 50;

/** A meeting that begins at `now` (milliseconds). Lengths are exponential. */
export function meeting(now: number, costs: MeetingCosts, random: () => number): SimulatedMeeting {
  const people = peopleOf(random());
  return {
    ...{ people, endsAt: now - MEAN_MS * Math.log(1 - random()) },
    ...secondOf(people, costs),
    frames: FRAMES * 2 * (people - 1),
  };
}

/** Everyone who listens wants a translation; beyond four people into two languages. */
function secondOf(people: number, { speech, listener, language }: MeetingCosts) {
  const more = people > 4 ? 1 : 0;
  return { talking: speech + language * more, always: listener * (people - 1) };
}

/** The average meeting: people, and milliseconds of processor time a second. */
export function average(costs: MeetingCosts): { readonly people: number; readonly cost: number } {
  return SIZES.reduce(
    (sum, { people, of100 }) => {
      const { talking, always } = secondOf(people, costs);
      return {
        people: sum.people + (people * of100) / 100,
        cost: sum.cost + ((TALK * talking + always) * of100) / 100,
      };
    },
    { people: 0, cost: 0 },
  );
}

export const talks = (random: () => number): boolean => random() < TALK;

function peopleOf(chance: number): number {
  let sum = 0;
  for (const { people, of100 } of SIZES) {
    sum += of100 / 100;
    if (chance < sum) return people;
  }
  return 2;
}
