import { describe } from 'vitest';
import { saysAsWritten } from './spoken-cases.ts';

describe('Spanish', () => {
  saysAsWritten(
    'es',
    `
    1 => uno
    1 libro => un libro
    1 persona => una persona
    21 libros => veintiún libros
    21 personas => veintiuna personas
    200 personas => doscientas personas
    200 libros => doscientos libros
    21.000 km => veintiún mil kilómetros
    31.000 => treinta y un mil
    1.000.000 € => un millón de euros
    3,14 => tres coma catorce
    0,05 => cero coma cero cinco
    -5 °C => menos cinco grados Celsius
    5-10 kg => cinco a diez kilogramos
    21 de noviembre de 2026 => veintiuno de noviembre de dos mil veintiséis
    1 de mayo => primero de mayo
    21/11/2026 => veintiuno de noviembre de dos mil veintiséis
    del 5 al 7 de mayo => del cinco al siete de mayo
    siglo XXI => siglo veintiuno
    3.ª planta => tercera planta
    1.er piso => primer piso
    5º => quinto
    a las 14:30 => a las catorce treinta
    a las 9:05 h => a las nueve cero cinco
    a las 2 p.m. => a las dos de la tarde
    a las 9 a. m. => a las nueve de la mañana
    1.234,56 € => mil doscientos treinta y cuatro euros con cincuenta y seis céntimos
    $1 => un dólar
    £1 => una libra
    5 millones => cinco millones
    50 % => cincuenta por ciento
    1 h => una hora
    Sr. García => señor García
    manzanas, etc. => manzanas, etcétera
    p. ej. esto => por ejemplo esto
    EE. UU. => Estados Unidos
    ONU y FBI => ONU y F B I
    info@ejemplo.es => info arroba ejemplo punto es
    Чайковский => Chaikovskii
    ½ => medio
  `,
  );
});
