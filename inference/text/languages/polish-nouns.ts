import { nouns } from '../noun.ts';

/** One, few, many, and after a fraction where that differs from few. */
export const POLISH_NOUNS = nouns(`
    USD: dolar|dolary|dolarów|dolara; EUR: n euro|euro|euro; GBP: funt|funty|funtów|funta; RUB: rubel|ruble|rubli|rubla
    UAH: f hrywna|hrywny|hrywien|hrywny; PLN: złoty|złote|złotych|złotego; JPY: jen|jeny|jenów|jena
    CHF: frank|franki|franków|franka; CNY: juan|juany|juanów|juana; cent: cent|centy|centów|centa
    eurocent: cent|centy|centów|centa; penny: pens|pensy|pensów|pensa
    kopeck: f kopiejka|kopiejki|kopiejek; kopiyka: f kopiejka|kopiejki|kopiejek; grosz: grosz|grosze|groszy|grosza
    rappen: rappen|rappeny|rappenów|rappena; thousand: tysiąc|tysiące|tysięcy|tysiąca; million: milion|miliony|milionów|miliona
    billion: miliard|miliardy|miliardów|miliarda; trillion: bilion|biliony|bilionów|biliona
    km: kilometr|kilometry|kilometrów|kilometra; m: metr|metry|metrów|metra; cm: centymetr|centymetry|centymetrów|centymetra
    mm: milimetr|milimetry|milimetrów|milimetra; kg: kilogram|kilogramy|kilogramów|kilograma; g: gram|gramy|gramów|grama
    mg: miligram|miligramy|miligramów|miligrama; t: f tona|tony|ton; l: litr|litry|litrów|litra
    ml: mililitr|mililitry|mililitrów|mililitra; lb: funt|funty|funtów|funta; ft: f stopa|stopy|stóp; mi: f mila|mile|mil|mili
    ha: hektar|hektary|hektarów|hektara; m/s: metr na sekundę|metry na sekundę|metrów na sekundę|metra na sekundę
    km/h: kilometr na godzinę|kilometry na godzinę|kilometrów na godzinę|kilometra na godzinę
    mph: f mila na godzinę|mile na godzinę|mil na godzinę|mili na godzinę
    km²: kilometr kwadratowy|kilometry kwadratowe|kilometrów kwadratowych|kilometra kwadratowego
    m²: metr kwadratowy|metry kwadratowe|metrów kwadratowych|metra kwadratowego
    m³: metr sześcienny|metry sześcienne|metrów sześciennych|metra sześciennego
    °C: stopień Celsjusza|stopnie Celsjusza|stopni Celsjusza|stopnia Celsjusza
    °F: stopień Fahrenheita|stopnie Fahrenheita|stopni Fahrenheita|stopnia Fahrenheita; °: stopień|stopnie|stopni|stopnia
    %: procent|procent|procent|procent; KB: kilobajt|kilobajty|kilobajtów|kilobajta; MB: megabajt|megabajty|megabajtów|megabajta
    GB: gigabajt|gigabajty|gigabajtów|gigabajta; TB: terabajt|terabajty|terabajtów|terabajta; W: wat|waty|watów|wata
    kW: kilowat|kilowaty|kilowatów|kilowata; Hz: herc|herce|herców|herca; kHz: kiloherc|kiloherce|kiloherców|kiloherca
    kWh: f kilowatogodzina|kilowatogodziny|kilowatogodzin|kilowatogodziny; MHz: megaherc|megaherce|megaherców|megaherca
    GHz: gigaherc|gigaherce|gigaherców|gigaherca; h: f godzina|godziny|godzin; min: f minuta|minuty|minut; s: f sekunda|sekundy|sekund
  `);
