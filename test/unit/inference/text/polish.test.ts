import { describe } from 'vitest';
import { saysAsWritten } from './spoken-cases.ts';

describe('Polish', () => {
  saysAsWritten(
    'pl',
    `
    1 zł, 2 zł, 5 zł => jeden złoty, dwa złote, pięć złotych
    22 zł => dwadzieścia dwa złote
    1 książka => jedna książka
    2 książki => dwie książki
    22 osoby => dwadzieścia dwie osoby
    21 osób => dwadzieścia jeden osób
    2 stoły => dwa stoły
    1 miasto => jedno miasto
    1000 => tysiąc
    2000 ludzi => dwa tysiące ludzi
    1 000 000 => milion
    3,14 => trzy przecinek czternaście
    2,5 km => dwa przecinek pięć kilometra
    od 5 do 10 => od pięciu do dziesięciu
    około 100 osób => około stu osób
    2-3 dni => dwa-trzy dni
    5-go piętra => piątego piętra
    3-ci => trzeci
    21 listopada 2026 roku => dwudziestego pierwszego listopada dwa tysiące dwudziestego szóstego roku
    21.11.2026 r. => dwudziestego pierwszego listopada dwa tysiące dwudziestego szóstego roku
    3 maja => trzeciego maja
    2 maja => drugiego maja
    1 stycznia 2000 roku => pierwszego stycznia dwutysięcznego roku
    w 1984 roku => w tysiąc dziewięćset osiemdziesiątym czwartym roku
    od 2014 do 2018 roku => od dwa tysiące czternastego do dwa tysiące osiemnastego roku
    XXI wiek => dwudziesty pierwszy wiek
    w XX wieku => w dwudziestym wieku
    o 14:30 => o czternastej trzydzieści
    o 9:05 => o dziewiątej zero pięć
    jest 3:15 => jest trzecia piętnaście
    5,50 zł => pięć złotych pięćdziesiąt groszy
    2 tys. zł => dwa tysiące złotych
    $5 mln => pięć milionów dolarów
    -5 °C => minus pięć stopni Celsjusza
    100 km/h => sto kilometrów na godzinę
    21% => dwadzieścia jeden procent
    1 t => jedna tona
    np. dziś => na przykład dziś
    jabłka itd. => jabłka i tak dalej
    dr Kowalska => doktor Kowalska
    NATO i USA => NATO i U S A
    Чайковский => Czajkowskij
  `,
  );
});
