"""The language of rules: what can be said, and what is refused with the reason and the remedy."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext, override

from dancu.catalogue.conditions import ConditionError, Node, parse
from dancu.catalogue.quality import vocabulary


def read(text: str, view: str = "person") -> Node:
    return parse(text, vocabulary({}, view))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "sex != sex_of(pid)",
        "age(birth_date) > 120",
        "alive and (missing(pid) or not known(full_name))",
        "life_status in ('CHET', 'MAT_TICH')",
        "year(birth_date) - birth_year_of(father_pid) < 13",
        "not listed(province_of(pid), 'pid_provinces')",
        "death_date < birth_date or death_date > today",
        "unconfirmed_days(phone) > -1",
    ],
)
def test_a_condition_is_read_with_its_types(text: str) -> None:
    assert read(text).type == "truth"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("__import__('os').system('ls')", "no function"),
        ("full_name.upper() == 'A'", "no function"),
        ("(lambda: 1)()", "no function"),
        ("[x for x in (1, 2)]", "not part of the language"),
        ("full_name[0] == 'A'", "not part of the language"),
        ("sex = 'M'", "cannot be read"),
        ("sex ==", "cannot be read"),
        ("birth_date", "must be true or false"),
        ("birth_data > today", "neither an attribute nor known"),
        ("age(full_name) > 3", "age needs a date"),
        ("age(birth_date) > '3'", "cannot be compared"),
        ("sex < 'M'", "no before and after"),
        ("life_status == 'TOT'", "not in the code list life_statuses"),
        ("life_status in ('CHET', 'TOT')", "not in the code list"),
        ("known(age(birth_date))", "asks about one attribute"),
        ("listed(pid, 'nowhere')", "code list in quotes"),
        ("1 < age(birth_date) < 3", "in a row"),
        ("age(birth_date) * 2 > 3", "Only + and -"),
        ("alive and 1", "join what is true or false"),
        ("known(pid, sex)", "takes 1"),
        ("True", "no value of a rule"),
        ("length(full_name) > 99999999999999", "too large"),
        ("(" * 300 + "alive" + ")" * 300, "longer than"),
        ("sex in 'MF'", "needs a list"),
        ("year_of(full_name) > 2000", "asks about a personal identification number"),
        ("birth_year_of(commune) > 2000", "asks about a personal identification number"),
        ("year(birth_date) + 1000000000 + 1000000000 > 3", "too large"),
        ("full_name == 'A\\x00B'", "cannot be seen"),
        ("full_name == '\\ud800'", "cannot be seen"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_why(text: str, what: str) -> None:
    with pytest.raises(ConditionError) as caught:
        read(text)
    assert what in caught.value.text()
    assert caught.value.remedy_text()
    with override("vi"):
        said, remedy = caught.value.text(gettext), caught.value.remedy_text(gettext)
    for words, english in ((said, caught.value.text()), (remedy, caught.value.remedy_text())):
        assert words != english
        assert "%(" not in words


def test_a_household_has_its_own_words_and_no_persons() -> None:
    assert read("heads > 1", "household").type == "truth"
    with pytest.raises(ConditionError, match="neither an attribute"):
        read("sex == 'M'", "household")


@pytest.mark.parametrize("text", ["1 > 2", "phone_households > namesakes"])
def test_a_rule_about_the_register_is_about_one_thing_that_people_share(text: str) -> None:
    assert read("namesakes > 1", "register").type == "truth"
    with pytest.raises(ConditionError, match="one thing that people share"):
        read(text, "register")


@pytest.mark.parametrize("view", ["household", "register"])
def test_whoever_is_meant_by_a_population_is_a_person(view: str) -> None:
    text = {"household": "heads > 1 and grown", "register": "namesakes > 1 and grown"}[view]
    known = vocabulary({"grown": read("age(birth_date) > 17")}, view)  # type: ignore[arg-type]
    with pytest.raises(ConditionError, match="neither an attribute"):
        parse(text, known)


def test_a_condition_names_each_attribute_once() -> None:
    assert read("sex != sex_of(pid) and known(sex)").attributes == ("sex", "pid")
