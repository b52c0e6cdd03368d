"""Texts typed for Vietnamese fonts of before Unicode, which keep each letter as one of Western Europe: TCVN3 (.VnTime
and its kin, TCVN 5712:1993) and VNI (VNI-Times). Words and the fonts' names tell which; then they are read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from .sheets import SourceSheet

TCVN3, TCVN3_CAPITALS, VNI, UNICODE = "tcvn3", "tcvn3h", "vni", "unicode"  # .VnTimeH shows small letters as capitals

_TCVN3 = str.maketrans(
    dict(
        zip(
            "\u00a1\u00a2\u00a3\u00a4\u00a5\u00a6\u00a7\u00a8\u00a9\u00aa\u00ab\u00ac\u00ad\u00ae"
            "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
            "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
            strict=True,
        )
    )
)
# VNI: letters of their own, and marks behind a letter; â and its kin are the hat with a tone, ê and its kin the breve.
_VNI_LETTERS = dict(zip("ñôöíìæóòîÑÔÖÍÌÆÓÒÎ", "đơưíìỉĩịỵĐƠƯÍÌỈĨỊỴ", strict=True))
_SHARP, _FALLING, _HOOK, _TILDE, _DOT, _HAT, _BREVE = "\u0301\u0300\u0309\u0303\u0323\u0302\u0306"
_TONES = _SHARP + _FALLING + _HOOK + _TILDE + _DOT
_VNI_MARKS = {
    **dict(zip("ùøûõï", _TONES, strict=True)),
    **{mark: _HAT + tone for mark, tone in zip("âáàåãä", ["", *_TONES], strict=True)},
    **{mark: _BREVE + tone for mark, tone in zip("êéèúüë", ["", *_TONES], strict=True)},
}
_VNI_BASES = {_HAT: "aeo", _BREVE: "a"}  # a tone alone stands on the others too
_VNI_PART = re.compile(
    f"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}{''.join(_VNI_MARKS).upper()}])|([{''.join(_VNI_LETTERS)}])"
)

_OF_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]")
_CODE = re.compile("[\u00a1-\u00ae\u00b5-\u00ff]")
_WORD = re.compile("[A-Za-z\u00a1-\u00ae\u00b5-\u00ff]+")
_ONSET = "(?:b|ch?|d|đ|g[hi]?|h|kh?|l|m|n(?:gh?|h)?|ph?|qu|r|s|t[hr]?|v|x)?"
_OPEN = (
    "a ai ao au ay âu ây e eo ê êu i ia iêu iu o oa oai oao oay oe oeo oi ô ôi ơ ơi u ua uây uê ui uơ uôi uy "
    "uya uyu ư ưa ưi ươi ươu ưu y yêu am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh iêm iên iêng im "
    "in inh oam oan oang oanh oăm oăn oăng oen om on ong oong ôm ôn ông ơm ơn uân uâng uênh um un ung uôm uôn "
    "uông uyên uynh ưm ưn ưng ươm ươn ương yêm yên yêng ynh"
)
_STOPPED = (
    "ac ach ap at ăc ăk ăp ăt âc âp ât ec ep et êch êp êt ich iêc iêp iêt ip it oac oach oap oat oăc oăt oc "
    "oet op ot ôc ôp ôt ơp ơt uât uc uêch uôc uôt up ut uych uyêt uyp uyt ưc ươc ươp ươt ưt yêt ych yt"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{_OPEN.replace(' ', '|')})\\Z")
_STOPPED_SYLLABLE = re.compile(f"{_ONSET}(?:{_STOPPED.replace(' ', '|')})\\Z")
_INITIALS = re.compile("[A-Z§Ñ]+\\Z")
_MOSTLY, _FAR = 0.7, 0.25  # of a text's words make sense; so much more of them in one reading than in another
_FEWEST = 3  # words that prove a reading


def named_font(name: str) -> str:
    """What texts in a font of that name are typed for; empty for all others."""
    if name.startswith(".Vn"):
        return TCVN3_CAPITALS if name.rstrip().endswith("H") else TCVN3
    return VNI if name.upper().startswith("VNI-") else ""


def to_unicode(text: str, font: str) -> str:
    """The text as its font showed it. Words in capitals, in which only the letters with marks are small since the font
    has no others, come out in capitals."""
    if font == VNI:
        return _VNI_PART.sub(_vni_letter, text)
    if font == TCVN3_CAPITALS:
        return text.translate(_TCVN3).upper()
    is_all = not re.search("[a-z]", text) and any(map(_is_capital, _WORD.findall(text)))
    return _WORD.sub(lambda found: _tcvn3_word(found[0], is_all), text)


def _tcvn3_word(word: str, is_capital: bool) -> str:
    read = word.translate(_TCVN3)
    return read.upper() if is_capital or _is_capital(word) else read


def _is_capital(word: str) -> bool:
    """“MôC”, “¸N”, but not “Së”: plain letters behind the first, none of them small."""
    plain = [char for char in word if char.isascii()]
    return len(plain) < len(word) and any(map(str.isascii, word[1:])) and all(map(str.isupper, plain))


def _vni_letter(found: re.Match[str]) -> str:
    if found[3]:
        return _VNI_LETTERS[found[3]]
    base, marks = found[1], _VNI_MARKS[found[2].lower()]
    if base.lower() not in _VNI_BASES.get(marks[0], "aeouyôö"):
        return found[0]
    return unicodedata.normalize("NFC", _VNI_LETTERS.get(base, base) + marks)


@lru_cache(50_000)
def is_syllable(word: str) -> bool:
    """Whether a word may be Vietnamese: its beginning, its rhyme, at most one tone, which stopped ones need."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in parts if char in _TONES]
    plain = unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES))
    if len(tones) > 1:
        return False
    is_stopped = bool(tones) and tones[0] in _SHARP + _DOT and bool(_STOPPED_SYLLABLE.match(plain))
    return is_stopped or bool(_SYLLABLE.match(plain))


@lru_cache(50_000)
def sense(word: str, font: str) -> bool:
    """Whether a word means something in the reading; initials (“Q§”) do."""
    if font == UNICODE:
        return is_syllable(word)
    read = to_unicode(word, font)
    return is_syllable(read) or bool(_INITIALS.match(word))


def marked_words(text: str) -> list[str]:
    """Those that tell one reading from another; a sign that stands alone (×, §) does not."""
    return [word for word in _WORD.findall(text) if len(word) > 1 and _CODE.search(word)]


def text_reading(text: str) -> str:
    """A font or UNICODE where the words of the text tell; “either” where they make sense both ways, “neither” where in
    no way; empty for a text without marks."""
    if _OF_UNICODE.search(text):
        return UNICODE
    words = marked_words(text)
    if not words:
        return ""
    share = {font: sum(sense(word, font) for word in words) / len(words) for font in (TCVN3, VNI, UNICODE)}
    font = max((TCVN3, VNI), key=lambda one: share[one])
    if share[font] >= _MOSTLY and share[font] - share[UNICODE] >= _FAR:
        return font
    if share[UNICODE] >= _MOSTLY:
        return UNICODE if share[UNICODE] - share[font] >= _FAR else "either"
    return "neither"


@dataclass(frozen=True)
class FontGuess:
    """How the texts of a sheet are to be read: ``font`` where that is certain, ``doubtful`` the one to be asked about.

    ``takes_all``: also texts that make sense as they stand are read so, since most others are typed so.
    """

    font: str = ""
    doubtful: str = ""
    takes_all: bool = True

    def read(self, text: str, named: str = "") -> str:
        """The text in Unicode; the same where it is so already. ``named``: what its font's name tells."""
        font = named or self.font or self.doubtful
        if not font or not _CODE.search(text) or _OF_UNICODE.search(text):
            return text
        kind = text_reading(text)
        if named or kind == font or (kind and self.takes_all):
            return to_unicode(text, font)
        return text


def guess_font(texts: Iterable[tuple[str, str]]) -> FontGuess:
    """Judges a sheet by its texts, each with what its font's name tells; without a name words alone judge."""
    kinds: Counter[str] = Counter()
    named_ones: Counter[str] = Counter()
    words: set[str] = set()
    for text, named in texts:
        kind = text_reading(text)
        if named and kind and kind != UNICODE:
            kind = named.removesuffix("h")
            named_ones[kind] += 1
        kinds[kind] += 1
        if kind in (TCVN3, VNI):
            words |= set(marked_words(text))
    font = max((TCVN3, VNI), key=lambda one: kinds[one])
    takes_all = kinds[font] > kinds[UNICODE]
    others = kinds["neither"] + kinds[VNI if font == TCVN3 else TCVN3]
    if named_ones[font] or (len(words) >= _FEWEST and kinds[font] > 2 * others):
        return FontGuess(font, takes_all=takes_all)
    if kinds[font] and kinds[font] > others and not kinds[UNICODE]:
        return FontGuess(doubtful=font)
    if kinds["either"] > 1 and not kinds[UNICODE] and not kinds["neither"]:
        return FontGuess(doubtful=TCVN3)
    return FontGuess()


Texts = Callable[[], Iterable[tuple[tuple[int, int], str]]]  # all that hold other than plain letters, as in the file


def put_into_unicode(
    sheet: SourceSheet, texts: Texts, fonts: Mapping[tuple[int, int], str], tidy: Callable[[str], str]
) -> SourceSheet:
    """The sheet with what was typed for an old font as it was shown; ``fonts`` are those that cells' fonts name."""
    guess = guess_font({(text, fonts.get(place, "")) for place, text in texts()})
    if not guess.font and not guess.doubtful:
        return sheet
    read = {place: tidy(guess.read(text, fonts.get(place, ""))) for place, text in texts()}
    typed = {place: text for place, text in texts() if read[place] != sheet.value(*place)}
    changed = replace(sheet, font=guess.font, doubtful_font=guess.doubtful, typed=typed)
    return with_texts(changed, {place: read[place] for place in typed}) if guess.font else changed


def read_as_doubted(sheet: SourceSheet, tidy: Callable[[str], str]) -> SourceSheet:
    """The sheet once somebody said that it is typed for the font that was in doubt."""
    font = sheet.doubtful_font
    changed = replace(sheet, font=font, doubtful_font="")
    return with_texts(changed, {place: tidy(to_unicode(text, font)) for place, text in sheet.typed.items()})


def with_texts(sheet: SourceSheet, texts: Mapping[tuple[int, int], str]) -> SourceSheet:
    rows = [list(row) for row in sheet.rows]
    for (row, column), text in texts.items():
        rows[row - 1][column - 1] = text
    return replace(sheet, rows=rows)
