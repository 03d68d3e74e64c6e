import { describe } from 'vitest';
import { saysAsWritten } from './spoken-cases.ts';

describe('French', () => {
  saysAsWritten(
    'fr',
    `
    1 livre => une livre
    1 jour => un jour
    21 heures => vingt et une heures
    80 ans => quatre-vingts ans
    1 234 567 => un million deux cent trente-quatre mille cinq cent soixante-sept
    3,14 => trois virgule quatorze
    0,05 => zéro virgule zéro cinq
    -5 °C => moins cinq degrés Celsius
    5-10 kg => cinq à dix kilogrammes
    1,5 km => un virgule cinq kilomètre
    21 novembre 2026 => vingt et un novembre deux mille vingt-six
    le 1er mai => le premier mai
    21/11/2026 => vingt et un novembre deux mille vingt-six
    du 5 au 7 mai => du cinq au sept mai
    la 1re fois => la première fois
    le 2e étage => le deuxième étage
    le 21ème => le vingt et unième
    XXIe siècle => vingt et unième siècle
    à 14h30 => à quatorze heures trente
    à 14 h => à quatorze heures
    à 1h => à une heure
    à 9:05 => à neuf heures cinq
    1 234,56 € => mille deux cent trente-quatre euros cinquante-six centimes
    1 000 000 € => un million d'euros
    5 millions => cinq millions
    80 % => quatre-vingts pour cent
    100 km/h => cent kilomètres à l'heure
    1 t => une tonne
    M. Dupont => monsieur Dupont
    Mme Curie => madame Curie
    des pommes, etc. => des pommes, et cetera
    c.-à-d. demain => c'est-à-dire demain
    n° 5 => numéro cinq
    p. 12 => page douze
    OTAN et SNCF => OTAN et S N C F
    info@exemple.fr => info arobase exemple point fr
    Чайковский => Tchaïkovskiï
    l'eau d'été => l'eau d'été
  `,
  );
});
