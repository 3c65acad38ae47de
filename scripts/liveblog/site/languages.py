"""The direction of a language's script: the only place that knows which are written to the left."""

_LEFTWARD_SCRIPTS = {"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"}
_LEFTWARD_LANGUAGES = {
    *("ar", "arc", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd"),
    *("syr", "ug", "ur", "yi"),
}


def direction(lang: str) -> str:
    """Give the value of `dir` for a BCP 47 language tag; a script it names decides.

    >>> [direction(lang) for lang in ("uk", "ar-EG", "az-Arab", "pa-Guru", "ks-Deva")]
    ['ltr', 'rtl', 'rtl', 'ltr', 'ltr']
    """
    language, *others = lang.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    leftward = script in _LEFTWARD_SCRIPTS if script else language in _LEFTWARD_LANGUAGES
    return "rtl" if leftward else "ltr"
