"""The sixteen languages of instruction, as the marketing site names them, with course titles of their own."""

from typing import NamedTuple


class Language(NamedTuple):
    """A language as the marketing site's taxonomy knows it; each title with the letters of its topic."""

    name: str
    tag: str
    titles: tuple[tuple[str, str], ...]


LANGUAGES = (
    Language("English", "en", ()),
    Language(
        "Español",
        "es-419",
        (
            ("Bosques y ciudades", "FOR"),
            ("Estadística para todos", "STA"),
            ("Océanos e imperios", "OCE"),
            ("Nutrición y salud", "NUT"),
            ("El arte de negociar", "NEG"),
        ),
    ),
    Language(
        "Français",
        "fr",
        (("Énergies renouvelables", "REN"), ("Écrire la nouvelle", "STO"), ("L’algèbre linéaire, pas à pas", "LIN")),
    ),
    Language("中文", "zh-cmn", (("算法设计基础", "ALG"), ("丝绸之路", "SLK"), ("气候模型入门", "CLI"))),
    Language("Português", "pt-br", (("Café: do grão à xícara", "COF"), ("Epidemiologia e sociedade", "EPD"))),
    Language("Deutsch", "de", (("Grundlagen der Strömungslehre", "FLU"), ("Brücken bauen", "BRG"))),
    Language("日本語", "ja", (("木造建築の世界", "TMB"), ("やさしい確率論", "PRB"))),
    Language("العربية", "ar", (("مقدمة في التشفير", "CRY"), ("الهجرة والمجتمع", "MIG"))),
    # The site has always written its first letter in Latin.
    Language("Pусский", "ru", (("Введение в теорию графов", "GRA"),)),
    Language("Italian", "it", (("Città medievali", "MED"), ("Il contrappunto", "CPT"))),
    Language("Korean", "ko", (("시장의 이해", "MKT"),)),
    Language("हिंदी", "hi", (("सभी के लिए कलन", "CAL"),)),
    Language("Türkçe", "tr", (("Girişimciliğe Giriş", "ENT"),)),
    Language("Nederlands", "nl", (("Rivieren en delta’s", "RIV"),)),
    Language("Svenska", "sv", (("Hållbara byggnader", "BLD"),)),
    Language("Indonesian", "id", (("Keamanan Pangan", "FSA"),)),
)

# Seven courses in ten are in English; the rest thins out down the list.
WEIGHTS = (70, 8, 4, 4, 3, 2, 2, 1.2, 1.2, 1, 0.8, 0.7, 0.6, 0.6, 0.5, 0.4)
