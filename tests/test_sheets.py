from hypothesis import given
from hypothesis import strategies as st

from bot import content, sheets
from bot.content import Area, Level, Specialization
from bot.errors import Refusal
from bot.sheets import AREAS, Sheet

BANK = content.load()
SHEETS = st.builds(
    Sheet,
    level=st.sampled_from(Level),
    area=st.none() | st.sampled_from(Area),
    specialization=st.sampled_from(Specialization),
    picks=st.tuples(*[st.integers(0, 99)] * len(AREAS)),
)


@given(SHEETS)
def test_a_sheet_fits_in_a_menu_s_option_and_reads_back(sheet: Sheet) -> None:
    assert len(f"another|{sheet.code}") <= 150
    assert sheets.read(sheet.code) == sheet


@given(st.text(max_size=200))
def test_a_forged_code_is_refused_in_words(code: str) -> None:
    try:
        sheets.read(code)
    except Refusal as refusal:
        assert "older version" in str(refusal)  # noqa: PT017 (some texts are codes)


@given(SHEETS)
def test_another_question_moves_one_area_only(sheet: Sheet) -> None:
    moved = sheet.another(Area.TRADE_OFFS)
    same = [one == other for one, other in zip(sheet.picks, moved.picks, strict=True)]
    assert same == [area is not Area.TRADE_OFFS for area in AREAS]


def test_a_whole_sheet_has_one_question_per_area() -> None:
    found = sheets.units(BANK, Sheet(Level.STAFF))
    assert [unit.question.area for unit in found] == list(AREAS)
