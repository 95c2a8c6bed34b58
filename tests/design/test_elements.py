"""The elements as HTML: what is escaped, linked, sorted, counted and left out."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import SafeString

from dancu.design.paging import Window, pages
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import (
    Badge,
    Choice,
    Empty,
    Fact,
    Link,
    PersonHeader,
    Progress,
    Step,
)
from dancu.kernel.errors import FieldError

NASTY = '<script>alert("x")</script>'


def shown(source: str, path: str = "/", **values: object) -> str:
    request = RequestFactory().get(path)
    template = Template("{% load i18n design %}" + source)
    with translation.override("en"):
        return template.render(RequestContext(request, values))


class PersonForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the birth certificate.")
    sex = forms.ChoiceField(
        label="Sex", choices=[("M", "Male"), ("F", "Female")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    "source",
    [
        "{% button words %}",
        "{% link_button words '/x' %}",
        "{% badge words %}",
        "{% notice 'info' title=words %}{{ words }}{% endnotice %}",
        "{% panel words detail=words %}{{ words }}{% endpanel %}",
        "{% disclosure words detail=words %}{{ words }}{% enddisclosure %}",
        "{% fieldset words hint=words %}{{ words }}{% endfieldset %}",
        "{% input_field 'a' words words hint=words error=words prefix=words %}",
        "{% textarea_field 'a' words words %}",
        "{% date_field 'a' words words %}",
        "{% copy_button words words %}",
        "{% masked words words %}",
        "{% empty words words action=words href=words %}",
        "{% search_box '/x' label=words value=words hint=words %}",
        "{% bar 0.5 words %}",
        "{% opens_beside words %}",
    ],
)
def test_words_are_escaped(source: str) -> None:
    html = shown(source, words=NASTY)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_values_are_escaped() -> None:
    fact = Fact(NASTY, NASTY, NASTY, conflict=NASTY, since=NASTY, stale=NASTY)
    html = shown("{% facts facts %}", facts=[fact])
    html += shown("{% person_header p %}", p=PersonHeader(NASTY, NASTY, NASTY, NASTY))
    html += shown("{% table t %}", t=Table(NASTY, [Column(NASTY)], [Row([Cell(NASTY)])]))
    assert "<script" not in html


def test_a_field_links_its_input_to_hint_and_error() -> None:
    html = shown("{% field form.name %}", form=PersonForm({"name": ""}))
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_hint"' in html
    assert 'id="id_name_error"' in html
    assert '<label class="field__label" for="id_name">' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    form = PersonForm()
    assert "(optional)" in shown("{% field form.note %}", form=form)
    assert "(optional)" not in shown("{% field form.name %}", form=form)


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    html = shown("{% field form.sex %}", form=PersonForm({"sex": "F"}))
    assert "<fieldset" in html
    assert "<legend" in html
    assert re.search(r'<input[^>]*value="F"[^>]*checked', html)
    assert html.count('type="radio"') == 2


def test_a_hidden_field_shows_no_label() -> None:
    html = shown("{% field form.token %}", form=PersonForm())
    assert "<label" not in html
    assert 'type="hidden"' in html


def test_attributes_with_underscores_become_attributes_with_dashes() -> None:
    html = shown("{% button 'Go' hx_get='/x' disabled=True data_no=False %}")
    assert 'hx-get="/x"' in html
    assert " disabled>" in html
    assert "data-no" not in html


def test_choices_without_a_form_keep_their_state() -> None:
    choices = [Choice("a", "A", "why", selected=True), Choice("b", "B", disabled=True)]
    html = shown("{% choices_field 'c' 'Pick' choices several=True %}", choices=choices)
    assert re.search(r'type="checkbox" name="c" value="a"[^>]* checked', html)
    assert re.search(r'value="b"[^>]* disabled', html)
    assert 'aria-describedby="id_c_0_hint"' in html


def test_the_error_summary_leads_to_the_fields() -> None:
    html = shown("{% error_summary form %}", form=PersonForm({}))
    assert 'href="#id_name"' in html
    assert 'href="#id_sex_0"' in html or 'href="#id_sex"' in html
    assert "There are 2 things to correct" in html


def test_the_error_summary_takes_field_errors_of_the_kernel() -> None:
    error = FieldError(field="pid", code="x", message="Eleven digits.", remedy="Add one.")
    html = shown("{% error_summary errors %}", errors=[error])
    assert 'href="#id_pid"' in html
    assert "Eleven digits." in html
    assert "Add one." in html


def test_no_errors_no_summary() -> None:
    assert "error-summary" not in shown("{% error_summary form %}", form=PersonForm())
    assert "error-summary" not in shown("{% error_summary nothing %}", nothing=None)


def people(**changes: object) -> Table:
    columns = [Column("Name", sort="name", heading=True), Column("Born", sort="born")]
    values: dict[str, object] = {"rows": [Row([Cell("An", "/an"), "1985"])], "sort": "name"}
    return Table(caption="People", columns=columns, **{**values, **changes})


def test_sorting_keeps_the_filters_and_leaves_the_page() -> None:
    html = shown("{% table t %}", "/?unit=00199&page=7&sort=name", t=people())
    assert 'href="?unit=00199&amp;sort=-name"' in html
    assert 'href="?unit=00199&amp;sort=born"' in html
    assert 'aria-sort="ascending"' in html


def test_an_empty_table_says_what_to_do() -> None:
    empty = Empty("Nobody", "Try without accents.", Link("Search everywhere", "/all"))
    html = shown("{% table t %}", t=people(rows=[], empty=empty))
    assert "<table" not in html
    assert 'href="/all"' in html


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        shown("{% table t %}", t=people(rows=[Row(["only one"])]))


def test_cells_carry_the_label_of_their_column_for_phones() -> None:
    assert 'data-label="Born"' in shown("{% table t %}", t=people())


def test_far_pages_are_left_out() -> None:
    page = Paginator(range(1000), 10).page(50)
    numbers = [link.number for link in pages(page, None, "page").links]
    assert numbers == [1, None, 49, 50, 51, None, 100]


def test_a_gap_of_one_page_is_that_page() -> None:
    page = Paginator(range(50), 10).page(4)
    assert [link.number for link in pages(page, None, "page").links] == [1, 2, 3, 4, 5]


def test_one_page_needs_no_pagination() -> None:
    assert shown("{% pagination p %}", p=Paginator([1], 10).page(1)).strip() == ""


def test_a_list_that_is_not_counted_still_goes_on() -> None:
    html = shown("{% pagination p %}", "/?q=an&page=3", p=Window(3, has_next=True))
    assert 'href="?q=an&amp;page=4"' in html
    assert 'href="?q=an&amp;page=2"' in html


def test_numbers_are_grouped_with_points() -> None:
    assert shown("{{ 1234567|grouped }}") == "1.234.567"


def test_a_masked_value_never_offers_the_whole() -> None:
    html = shown("{% facts f %}", f=[Fact("No.", "001*******15", masked=True, reveal_href="/why")])
    assert 'href="/why"' in html
    assert "shown in part" in html
    assert "data-copy" not in html


def test_a_value_that_is_not_known_is_said_to_be_so() -> None:
    assert "not known" in shown("{% facts f %}", f=[Fact("Blood group")])
    assert "not known" not in shown("{% facts f %}", f=[Fact("Children", "0")])


def test_progress_asks_on_only_while_it_runs() -> None:
    going = Progress("Load", 5, 10, href="/p")
    assert 'hx-get="/p"' in shown("{% progress p %}", p=going)
    done = Progress("Load", 10, 10, href="/p", running=False)
    assert "hx-get" not in shown("{% progress p %}", p=done)


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 100), (999, 1000, 99), (1, 3, 33), (5, None, None)]
)
def test_percent_is_rounded_down(done: int, total: int | None, percent: int | None) -> None:
    assert Progress("x", done, total).percent == percent


def test_a_form_carries_its_token() -> None:
    source = "{% page_form action='/x' %}{% button 'Go' %}{% endpage_form %}"
    html = shown(source)
    assert 'name="csrfmiddlewaretoken"' in html
    assert "data-guard" in html
    assert "csrfmiddlewaretoken" not in shown(source.replace("'/x'", "'/x' method='get'"))


def test_steps_say_where_one_stands() -> None:
    html = shown("{% steps s %}", s=[Step("One", "done"), Step("Two", "current"), Step("Three")])
    assert "Step 2 of 3" in html
    assert 'aria-current="step"' in html


def test_an_icon_is_decoration_unless_it_has_words() -> None:
    assert 'aria-hidden="true"' in shown("{% icon 'search' %}")
    assert 'role="img" aria-label="Search"' in shown("{% icon 'search' 'Search' %}")


def test_blocks_keep_the_markup_of_their_content() -> None:
    html = shown("{% notice 'info' %}<p>{{ w }}</p>{% endnotice %}", w=SafeString("<b>x</b>"))
    assert "<p><b>x</b></p>" in html


def test_a_badge_may_be_given_as_a_value() -> None:
    html = Template("{% load design %}{% badge b %}").render(Context({"b": Badge("New", "info")}))
    assert '<span class="badge badge--info">New</span>' in html
