import { describe } from 'vitest';
import { saysAsWritten } from './spoken-cases.ts';

describe('English numbers', () => {
  saysAsWritten(
    'en',
    `
    I have 1 dog => I have one dog
    21 dogs => twenty-one dogs
    1,234,567 people => one million two hundred thirty-four thousand five hundred sixty-seven people
    0 => zero
    3.14 => three point one four
    0.05 => zero point zero five
    1,5 => one point five
    -5 => minus five
    it rose by +3 => it rose by plus three
    agent 007 => agent zero zero seven
    version 1.2.3 => version one dot two dot three
    4111111111111111 => four one one one one one one one one one one one one one one one
    1000000000 => one billion
    5-10 people => five to ten people
    pages 5–10 => pages five to ten
    it ended 2:1 => it ended two to one
    3/4 of them => three quarters of them
    2½ cups => two and a half cups
    2+2=4 => two plus two equals four
    5 x 3 => five times three
    ~20 => about twenty
    ٣٤ => thirty-four
    24/7 => twenty-four seven
    H264 on 5G => H two hundred sixty-four on five G
    COVID-19 => COVID-nineteen
    No. 5 => number five
    #7 => number seven
    § 12 => section twelve
    World War II => World War two
    300+ users => three hundred plus users
  `,
  );
});

describe('English ordinals and years', () => {
  saysAsWritten(
    'en',
    `
    the 1st => the first
    the 22nd time => the twenty-second time
    the 100th day => the one hundredth day
    in 1984 => in nineteen eighty-four
    It was 1905. => It was nineteen oh five.
    in 1900 => in nineteen hundred
    since 2000 => since two thousand
    in 2005 => in two thousand five
    the 2026 budget => the twenty twenty-six budget
    1500 people => one thousand five hundred people
    2000 people => two thousand people
    the 1980s => the nineteen eighties
    the 90s => the nineties
    1990–2000 => nineteen ninety to two thousand
  `,
  );
});

describe('English dates and times', () => {
  saysAsWritten(
    'en',
    `
    2026-11-21 => November twenty-first, twenty twenty-six
    21.11.2026 => the twenty-first of November twenty twenty-six
    11/21/2026 => November twenty-first, twenty twenty-six
    21 November 2026 => the twenty-first of November twenty twenty-six
    November 21, 2026 => November twenty-first, twenty twenty-six
    May 5 => May fifth
    on the 5th of May => on the fifth of May
    5-7 May => the fifth to seventh of May
    in May 2026 => in May twenty twenty-six
    Jan. 3 => January third
    at 14:30 => at fourteen thirty
    at 9:05 => at nine oh five
    at 9:00 => at nine o'clock
    at 15:00 => at fifteen hundred
    at 2 p.m. => at two P M
    at 2:30 PM => at two thirty P M
    at 9am => at nine A M
    2026-11-21T14:30 => November twenty-first, twenty twenty-six fourteen thirty
  `,
  );
});

describe('English sums and units', () => {
  saysAsWritten(
    'en',
    `
    $1 => one dollar
    $1,234.56 => one thousand two hundred thirty-four dollars and fifty-six cents
    $5.00 => five dollars
    £0.99 => ninety-nine pence
    €20 => twenty euros
    100 USD => one hundred dollars
    $5 million => five million dollars
    €1.5bn => one point five billion euros
    100K users => one hundred thousand users
    5 % => five percent
    3.5% => three point five percent
    1 km => one kilometer
    5km => five kilometers
    60 km/h => sixty kilometers per hour
    5-10 kg => five to ten kilograms
    -5 °C => minus five degrees Celsius
    70°F => seventy degrees Fahrenheit
    50 m² => fifty square meters
    50 m2 => fifty square meters
    16 GB => sixteen gigabytes
    30 min => thirty minutes
  `,
  );
});

describe('English words that are not words', () => {
  saysAsWritten(
    'en',
    `
    Dr. Smith => Doctor Smith
    pens, paper, etc. => pens, paper, et cetera
    pens etc. are here => pens et cetera are here
    e.g. this => for example this
    Smith vs. Jones => Smith versus Jones
    the U.S. and the UK => the U S and the U K
    NASA and the FBI => NASA and the F B I
    the CEO of IBM => the C E O of I B M
    R&D => R and D
    https://www.example.com/news?id=5 => example dot com
    Go to example.com/news. => Go to example dot com slash news.
    john.doe@example.com => john dot doe at example dot com
    +44 20 7946 0958 => plus four four, two zero, seven nine four six, zero nine five eight
    (555) 123-4567 => five five five, one two three, four five six seven
    555-1234 => five five five, one two three four
    Владимир and Юлия => Vladimir and Yuliya
    **Bold** and <b>tags</b> => Bold and tags
    [here](http://a.com/b) => here
    Well done 👍🏽! => Well done!
    He said: “no” (again) => He said: no, again
    wait... => wait.
    What?! => What?
    it's O'Brien's => it's O'Brien's
    WE DO NOT SHOUT HERE => WE DO NOT SHOUT HERE
    the end => the end
  `,
  );
});
