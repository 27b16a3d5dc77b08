import pytest

from toolkit.language import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The ferry left the harbour in the morning and sank before noon, the coast guard said.", "en"),
        ("Die Fähre verließ den Hafen am Morgen und sank vor Mittag, teilte die Küstenwache mit.", "de"),
        ("Le ferry a quitté le port dans la matinée et a coulé avant midi, selon les autorités.", "fr"),
        ("Паром вышел из гавани утром и затонул до полудня, сообщила береговая охрана.", "ru"),
        ("The ferry sank.", "und"),
        ("1234567890 " * 20, "und"),
        ("", "und"),
    ],
)
def test_language(text, code):
    assert detect_language(text) == code


def test_lone_surrogates_do_no_harm():
    assert detect_language("The ferry left the harbour in the morning \ud800 and sank before noon.") == "en"
