"""The sixteen languages of instruction, as the marketing site names them, with course titles of their own."""

from typing import NamedTuple


class Language(NamedTuple):
    """A language as the marketing site's taxonomy knows it."""

    name: str
    tag: str
    titles: tuple[str, ...]


LANGUAGES = (
    Language("English", "en", ()),
    Language(
        "Español",
        "es-419",
        ("Introducción a la ecología urbana", "Estadística para todos", "Historia de los mares del sur"),
    ),
    Language("Français", "fr", ("Électricité et énergie", "Écrire l’histoire", "Mathématiques pour débutants")),
    Language("中文", "zh-cmn", ("机器学习基础", "唐代诗歌", "城市与气候")),
    Language("Português", "pt-br", ("Programação para iniciantes", "Saúde pública e sociedade")),
    Language("Deutsch", "de", ("Grundlagen der Strömungslehre", "Übersetzen lernen: Texte und Märkte")),
    Language("日本語", "ja", ("やさしい統計学", "建築と木材")),
    Language("العربية", "ar", ("مقدمة في علوم البيانات", "تاريخ العلوم")),
    Language("Pусский", "ru", ("Введение в теорию вероятностей",)),
    Language("Italian", "it", ("Città e paesaggio", "La musica nel Novecento")),
    Language("Korean", "ko", ("경제학의 이해",)),
    Language("हिंदी", "hi", ("सभी के लिए गणित",)),
    Language("Türkçe", "tr", ("Dijital Dönüşüme Giriş",)),
    Language("Nederlands", "nl", ("Water en stad",)),
    Language("Svenska", "sv", ("Hållbar energi på riktigt",)),
    Language("Indonesian", "id", ("Dasar-dasar Kewirausahaan",)),
)

# Seven courses in ten are in English; the rest thins out down the list.
WEIGHTS = (70, 8, 4, 4, 3, 2, 2, 1.2, 1.2, 1, 0.8, 0.7, 0.6, 0.6, 0.5, 0.4)
