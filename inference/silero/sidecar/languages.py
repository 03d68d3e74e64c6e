"""Languages that Silero publishes voices for, and that have a tag of two letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    # What speakers' names begin with in packages of several languages.
    prefix: str
    # A few words to try a voice with: it is warm then, and known to be high or low.
    greeting: str


LANGUAGES = {
    "az": Language("aze", "Salam, necəsiniz? Hər şey yaxşıdır."),
    "ba": Language("bak", "Һаумыһығыҙ, хәлдәрегеҙ нисек? Барыһы ла яҡшы."),
    "cv": Language("chv", "Сывлӑх сунатӑп, мӗнле пурӑнатӑр? Пурте лайӑх."),
    "de": Language("de", "Guten Tag, wie geht es Ihnen? Hier ist alles in Ordnung."),
    "en": Language("en", "Good morning, how are you? Everything is fine over here."),
    "es": Language("es", "Buenos días, ¿cómo está usted? Aquí todo va muy bien."),
    "fr": Language("fr", "Bonjour, comment allez-vous ? Tout va bien par ici."),
    "hy": Language("hye", "Բարև ձեզ, ինչպե՞ս եք։ Ամեն ինչ լավ է։"),
    "ka": Language("kat", "გამარჯობა, როგორ ხართ? ყველაფერი კარგად არის."),
    "kk": Language("kaz", "Сәлеметсіз бе, қалыңыз қалай? Бәрі жақсы."),
    "ky": Language("kir", "Саламатсызбы, кандайсыз? Баары жакшы."),
    "ru": Language("ru", "Добрый день, как у вас дела? У нас всё хорошо."),
    "tg": Language("tgk", "Салом, шумо чӣ хел? Ҳамааш хуб аст."),
    "tt": Language("tat", "Исәнмесез, хәлләрегез ничек? Барысы да яхшы."),
    "uk": Language("ukr", "Добрий день, як ваші справи? У нас усе добре."),
    "uz": Language("uzb", "Assalomu alaykum, qalaysiz? Hammasi yaxshi."),
}


def speakers_of(language: str, speakers: Iterable[str]) -> list[str]:
    """Those whose names say the language; of a package whose names say none, all of them.

    `random`, which older packages have, would be another person in every phrase.
    """
    people = [speaker for speaker in speakers if speaker != "random"]
    prefix = f"{LANGUAGES[language].prefix}_"
    return [speaker for speaker in people if speaker.startswith(prefix)] or people
