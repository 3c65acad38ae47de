"""Names of months and weekdays, and other words around times, in the languages that pages are written in.

The list is closed and our own: a library of dates accepts more than pages print, and would read ordinary words as
dates. Words are in lower case. Digits and marks of other scripts are mapped to ASCII one for one, so that offsets stay
valid.
"""

from collections.abc import Mapping
from types import MappingProxyType

# Full names and usual short forms, January first. Declined forms are those that stand next to a day.
_MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari stycznia styczeń sty января янв січня січ"
    " ocak oca ledna ianuarie január január jänner tammikuuta ιανουαρίου يناير جنوری tháng01 जनवरी ژانویه",
    "february feb februar février fév févr febrero febbraio fevereiro fev februari lutego luty lut февраля"
    " фев лютого лют"
    " şubat şub února februarie február helmikuuta φεβρουαρίου فبراير فروری फ़रवरी فوریه",
    "march mar märz mär mars marzo março maart mrt marca mars marzec марта мар березня бер mart března martie március"
    " maaliskuuta μαρτίου مارس مارچ मार्च",
    "april apr avril avr abril abr aprile kwietnia kwi апреля апр квітня кві nisan nis dubna aprilie április huhtikuuta"
    " απριλίου أبريل ابريل اپریل अप्रैल آوریل",
    "may mai mayo maggio mag maio mei maja maj мая травня тра mayıs květen května május toukokuuta μαΐου مايو"
    " مئی मई مه",
    "june jun juni juin junio giugno giu junho czerwca cze июня июн червня чер haziran haz června iunie"
    " június kesäkuuta"
    " ιουνίου يونيو جون जून ژوئن",
    "july jul juli juillet juil julio luglio lug julho lipca lip июля июл липня temmuz tem července iulie július"
    " heinäkuuta ιουλίου يوليو جولائی जुलाई ژوئیه",
    "august aug août aoû agosto ago augustus sierpnia sie августа авг серпня сер ağustos ağu srpna augusti augusztus"
    " elokuuta αυγούστου أغسطس اگست अगस्त اوت",
    "september sept sep septembre septiembre settembre set setembro września wrz сентября сен сент вересня"
    " вер eylül eyl"
    " září septembrie szeptember syyskuuta σεπτεμβρίου سبتمبر ستمبر सितंबर सितम्बर سپتامبر",
    "october oct oktober okt octobre octubre ottobre ott outubro out października paź октября окт жовтня жов ekim eki"
    " října octombrie október lokakuuta οκτωβρίου أكتوبر اکتوبر अक्टूबर",
    "november nov novembre noviembre novembro listopada lis ноября ноя листопада лис kasım kas noiembrie marraskuuta"
    " νοεμβρίου نوفمبر نومبر नवंबर नवम्बर نوامبر",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia gru декабря дек грудня"
    " гру aralık ara"
    " prosince decembrie joulukuuta δεκεμβρίου ديسمبر دسمبر दिसंबर दिसम्बर دسامبر",
)
_WEEKDAYS = (
    "monday mon montag mo lundi lun lunes lunedì lunedi segunda-feira segunda maandag poniedziałek"
    " понедельник пн понеділок"
    " pazartesi måndag mandag pondělí luni الاثنين الإثنين 月曜日 星期一 周一 월요일 सोमवार",
    "tuesday tue tues dienstag di mardi martes martedì martedi terça-feira terça dinsdag wtorek вторник вт"
    " вівторок salı"
    " tisdag tirsdag úterý marți الثلاثاء 火曜日 星期二 周二 화요일 मंगलवार",
    "wednesday wed mittwoch mi mercredi mer miércoles mercoledì mercoledi quarta-feira quarta woensdag środa среда ср"
    " середа çarşamba onsdag středa miercuri الأربعاء 水曜日 星期三 周三 수요일 बुधवार",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves giovedì giovedi quinta-feira quinta donderdag"
    " czwartek четверг"
    " чт четвер perşembe torsdag čtvrtek joi الخميس 木曜日 星期四 周四 목요일 गुरुवार",
    "friday fri freitag fr vendredi ven viernes venerdì venerdi sexta-feira sexta vrijdag piątek пятница пт"
    " п'ятниця cuma"
    " fredag pátek vineri الجمعة 金曜日 星期五 周五 금요일 शुक्रवार",
    "saturday sat samstag sonnabend sa samedi sam sábado sabato zaterdag sobota суббота сб субота cumartesi"
    " lördag lørdag"
    " sâmbătă السبت 土曜日 星期六 周六 토요일 शनिवार",
    "sunday sun sonntag so dimanche dim domingo domenica zondag niedziela воскресенье вс неділя pazar söndag"
    " søndag neděle"
    " duminică الأحد الاحد 日曜日 星期日 星期天 周日 일요일 रविवार",
)


def _numbers(rows: tuple[str, ...], first: int) -> Mapping[str, int]:
    return MappingProxyType({name: number for number, row in enumerate(rows, first) for name in row.split()})


MONTH_NUMBERS: Mapping[str, int] = _numbers(_MONTHS, 1)
WEEKDAY_NUMBERS: Mapping[str, int] = _numbers(_WEEKDAYS, 0)

# Words for days relative to the day on which the page was read, and how many days back they are.
RELATIVE_DAYS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(("today", "heute", "aujourd’hui", "aujourd'hui", "hoy", "oggi", "hoje", "vandaag", "сегодня"), 0)
    | dict.fromkeys(("yesterday", "gestern", "hier", "ayer", "ieri", "ontem", "gisteren", "вчера"), 1)
)

# Seconds in the units of "5 minutes ago".
AGE_UNITS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sekunden", "secondes", "segundos", "secondi"), 1)
    | dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten", "minutos", "minuto", "minuti", "minuto"), 60)
    | dict.fromkeys(("minuut", "dakika", "minut", "minuty", "минут", "минуты", "минуту", "хвилин", "мин"), 60)
    | dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora"), 3600)
    | dict.fromkeys(("horas", "ora", "ore", "uur", "saat", "godz", "godziny", "godzin", "час", "часа", "часов"), 3600)
    | dict.fromkeys(("d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "día", "días", "giorni"), 86_400)
)

# Words after which a clock is part of a sentence: "at 14:05".
BEFORE_CLOCK_IN_SENTENCE = frozenset(
    {
        *("at", "by", "from", "since", "until", "till", "before", "after", "around", "about", "near", "between", "and"),
        *("or", "to", "of", "on", "the", "an", "is", "was", "were", "um", "gegen", "bis", "ab", "seit", "à", "vers"),
        *("depuis", "alle", "dalle", "a", "las", "às", "om", "rond", "tot", "o", "do", "przed", "po", "в", "до", "с"),
    }
)
_DIGIT_ZEROS = (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6)  # full-width, Arabic-Indic, Persian, Devanagari, Bengali
_SAME_LENGTH = {zero + digit: str(digit) for zero in _DIGIT_ZEROS for digit in range(10)} | {
    **{0xFF1A: ":", 0xFF0E: ".", 0xFF0F: "/", 0xFF0D: "-", 0x2236: ":"},
    **dict.fromkeys((0xA0, 0x202F, 0x2009, 0x2007, 0x3000), " "),
}


def with_ascii_digits(text: str) -> str:
    """Return a text with digits and marks of other scripts as ASCII; every offset stays the same."""
    return text if text.isascii() else text.translate(_SAME_LENGTH)
