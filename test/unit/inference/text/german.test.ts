import { describe } from 'vitest';
import { saysAsWritten } from './spoken-cases.ts';

describe('German', () => {
  saysAsWritten(
    'de',
    `
    1 => eins
    1 Hund => ein Hund
    1 Stunde => eine Stunde
    101 Leute => einhundertein Leute
    21 Hunde => einundzwanzig Hunde
    1.234.567 => eine Million zweihundertvierunddreißigtausendfünfhundertsiebenundsechzig
    3,14 => drei Komma eins vier
    -5 °C => minus fünf Grad Celsius
    5-10 kg => fünf bis zehn Kilogramm
    am 21. November 2026 => am einundzwanzigsten November zweitausendsechsundzwanzig
    der 3. Oktober => der dritte Oktober
    21.11.2026 => einundzwanzigster November zweitausendsechsundzwanzig
    vom 5.–7. Mai => vom fünften bis siebten Mai
    im Jahr 1984 => im Jahr neunzehnhundertvierundachtzig
    seit 1999 => seit neunzehnhundertneunundneunzig
    der 3. Platz => der dritte Platz
    im 21. Jahrhundert => im einundzwanzigsten Jahrhundert
    die 90er Jahre => die neunziger Jahre
    um 14:30 Uhr => um vierzehn Uhr dreißig
    um 14.30 Uhr => um vierzehn Uhr dreißig
    um 9:05 => um neun Uhr fünf
    um 1 Uhr => um ein Uhr
    1.234,56 € => eintausendzweihundertvierunddreißig Euro sechsundfünfzig Cent
    1 € => ein Euro
    5 Mio. Euro => fünf Millionen Euro
    1 t => eine Tonne
    120 km/h => einhundertzwanzig Kilometer pro Stunde
    3,5 % => drei Komma fünf Prozent
    z. B. Kaffee => zum Beispiel Kaffee
    d.h. heute => das heißt heute
    Äpfel usw. => Äpfel und so weiter
    Dr. Müller => Doktor Müller
    Nr. 5 => Nummer fünf
    § 12 Abs. 3 => Paragraf zwölf Absatz drei
    NATO und USA => NATO und U S A
    info@beispiel.de => info ät beispiel Punkt de
    Шостакович => Schostakowitsch
    am 3.5. um 10 Uhr => am dritten Mai um zehn Uhr
    ½ => ein halb
  `,
  );
});
