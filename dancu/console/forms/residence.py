"""Forms of residence: moves, stays, absences, the head of a household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.queries import code_list
from dancu.console.forms.base import (
    DayField,
    DeskForm,
    address_of,
    commune_field,
    day_field,
    evidence_kind_field,
    evidence_reference_field,
)
from dancu.population.validation import MAX_TEXT

HEAD = "CHU_HO"
STREET = gettext_lazy("House number, street, hamlet")
CONSENTS = (
    ("form", gettext_lazy("Signed on the form CT01")),
    ("vneid", gettext_lazy("Given through VNeID")),
    ("written", gettext_lazy("In writing, attached")),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may be chosen: the register's key, the name, and the year that tells apart."""

    key: int
    name: str
    born: int | None = None

    @property
    def label(self) -> str:
        """Return the name with the year of birth."""
        if self.born is None:
            return self.name
        return _("%(name)s, born %(year)s") % {"name": self.name, "year": self.born}


def guardian_consent_field() -> forms.CharField:
    """Who consents that a minor lives apart from parents and guardian; asked for when needed."""
    return forms.CharField(
        label=gettext_lazy("Consent of parents or guardian"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Who agreed, and how: on the form, through VNeID, in writing."),
    )


def street_field(*, required: bool = True) -> forms.CharField:
    """The written part of an address below the commune."""
    return forms.CharField(label=STREET, required=required, max_length=MAX_TEXT)


class PeopleForm(DeskForm):
    """A form about one or several members of a household."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Whom it concerns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )

    def __init__(self, *args: Any, members: Sequence[Member], **options: Any) -> None:
        """Offer the members; the first is the person of the page."""
        super().__init__(*args, **options)
        self.labels = {one.key: one.label for one in members}
        self.members = {one.key: one.name for one in members}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [(str(key), label) for key, label in self.labels.items()]
        if members:
            field.initial = [str(members[0].key)]

    @property
    def person_ids(self) -> list[int]:
        """The chosen people."""
        return [int(key) for key in self.cleaned_data["people"]]

    @property
    def names(self) -> str:
        """The names of the chosen people."""
        return ", ".join(self.members[key] for key in self.person_ids)

    def field_for(self, name: str) -> str:
        """Errors of the services in terms of this form."""
        return {
            "person_ids": "people",
            "to": "to_commune",
            "address": "to_commune",
            "destination": "to_commune",
            "evidence": "evidence_reference",
        }.get(name, name)


class MoveForm(PeopleForm):
    """Permanent residence at another address: a new household, or joining one."""

    day = day_field(gettext_lazy("Day of the move"))
    target = forms.ChoiceField(
        label=gettext_lazy("Household at the new address"),
        choices=[
            ("new", gettext_lazy("A household of their own")),
            ("keep", gettext_lazy("The whole household moves as it is")),
            ("join", gettext_lazy("Join a household that exists")),
        ],
        widget=forms.RadioSelect,
        initial="new",
    )
    to_text = street_field(required=False)
    to_commune = commune_field(required=False)
    household = forms.CharField(
        label=gettext_lazy("Number of the household to join"),
        required=False,
        max_length=40,
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("Consent of its head or of the owner"),
        required=False,
        choices=[("", gettext_lazy("Not needed for a household of their own")), *CONSENTS],
    )
    guardian_consent = guardian_consent_field()
    head = forms.ChoiceField(
        label=gettext_lazy("Head of the new household"),
        required=False,
        help_text=gettext_lazy("Only needed when several people move."),
    )
    evidence_kind = evidence_kind_field("form_ct01")
    evidence_reference = evidence_reference_field()

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        """Add the relationship of each member."""
        super().__init__(*args, language=language, **options)
        head = self.fields["head"]
        assert isinstance(head, forms.ChoiceField)  # noqa: S101
        head.choices = [
            ("", _("The one who moves")),
            *((str(key), label) for key, label in self.labels.items()),
        ]
        self.relationship_names = [f"relationship_{key}" for key in self.members]
        for key, label in self.labels.items():
            self.fields[f"relationship_{key}"] = relationship_field(label, language)
        if not self.is_bound:
            self._post_clean()

    def _post_clean(self) -> None:
        """Once validated, leave out the mark of optional fields: which are, depends on answers."""
        self.use_required_attribute = False
        for name in ("to_text", "to_commune", "household", "consent", "guardian_consent"):
            self.fields[name].required = True

    def field_for(self, name: str) -> str:
        """Errors of the service in terms of this form."""
        return {"head_id": "head"}.get(name, super().field_for(name))

    @property
    def relationship_fields(self) -> list[forms.BoundField]:
        """The fields of what each is to the head."""
        return [self[name] for name in self.relationship_names]

    def clean(self) -> dict[str, Any]:
        """Require what the chosen kind of move needs."""
        data = super().clean() or self.cleaned_data
        data["to"] = None
        if data.get("target") == "join":
            if not data.get("household"):
                self.add_error("household", _("Give the number of the household to join."))
            if not data.get("consent"):
                self.add_error(
                    "consent", _("Joining a household needs the consent of its head or owner.")
                )
        elif data.get("day"):
            data["to"] = address_of(self, "to", data["day"])
            if data["to"] is None and not self.has_error("to_commune"):
                self.add_error("to_commune", _("Give the new address."))
        if data.get("target") == "keep":
            data["people"] = [str(key) for key in self.members]
        several = len(data.get("people", [])) > 1
        if data.get("target") == "new" and several and not data.get("head"):
            self.add_error("head", _("Choose who is the head of the new household."))
        return data

    @property
    def relationships(self) -> dict[int, str]:
        """What each chosen person becomes to the head, as far as it was given."""
        given = {key: self.cleaned_data.get(f"relationship_{key}", "") for key in self.person_ids}
        if self.cleaned_data["target"] == "keep":
            return {}
        if self.cleaned_data["target"] == "new":
            head = self.cleaned_data.get("head") or str(self.person_ids[0])
            given[int(head)] = HEAD
        return {key: code for key, code in given.items() if code}

    @property
    def consent_words(self) -> str:
        """The consent in words; empty for a household of their own."""
        if self.cleaned_data["target"] != "join":
            return ""
        return str(dict(CONSENTS).get(self.cleaned_data["consent"], ""))


def relationship_field(name: str, language: str) -> forms.ChoiceField:
    """What somebody is to the head; left open, kinship in the register decides."""
    choices = [
        ("", _("As the register knows it")),
        *((code, words) for code, words in code_list("relationships").choices(language)
          if code != HEAD),
    ]  # fmt: skip
    return forms.ChoiceField(label=name, choices=choices, required=False)


class AbsenceForm(PeopleForm):
    """Where people go for a time, and from which day."""

    day = day_field()
    to_text = street_field()
    to_commune = commune_field()
    evidence_kind = evidence_kind_field("form_ct01")
    evidence_reference = evidence_reference_field()

    def clean(self) -> dict[str, Any]:
        """Put the address together."""
        data = super().clean() or self.cleaned_data
        data["to"] = address_of(self, "to", data["day"]) if data.get("day") else None
        return data


class StayForm(AbsenceForm):
    """Temporary residence here."""

    guardian_consent = guardian_consent_field()

    def _post_clean(self) -> None:
        """Once validated, consent is shown only where it is needed, and is not optional there."""
        self.use_required_attribute = False
        self.fields["guardian_consent"].required = True


class EndForm(PeopleForm):
    """The end of a stay or an absence."""

    day = day_field(gettext_lazy("Ended on"))
    evidence_kind = evidence_kind_field("citizen_request")
    evidence_reference = evidence_reference_field()


class HeadForm(DeskForm):
    """Another head of a household."""

    head_id = forms.ChoiceField(label=gettext_lazy("New head"), widget=forms.RadioSelect)
    day = DayField(label=gettext_lazy("From the day"))
    evidence_kind = evidence_kind_field("form_ct01")
    evidence_reference = evidence_reference_field()

    def __init__(self, *args: Any, members: Sequence[Member], language: str, **more: Any) -> None:
        """Offer the members, the likeliest first."""
        super().__init__(*args, language=language, **more)
        self.members = {one.key: one.name for one in members}
        field = self.fields["head_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(str(one.key), one.label) for one in members]
        self.relationship_names = [f"relationship_{key}" for key in self.members]
        for one in members:
            self.fields[f"relationship_{one.key}"] = relationship_field(one.label, language)

    @property
    def relationship_fields(self) -> list[forms.BoundField]:
        """The fields of what each is to the head."""
        return [self[name] for name in self.relationship_names]

    @property
    def relationships(self) -> dict[int, str]:
        """What each member becomes to the head, as far as it was given."""
        head = int(self.cleaned_data["head_id"])
        return {
            key: code
            for key in self.members
            if key != head and (code := self.cleaned_data.get(f"relationship_{key}", ""))
        }

    def field_for(self, name: str) -> str:
        """Errors of the service in terms of this form."""
        return {"relationships": "head_id", "evidence": "evidence_reference"}.get(name, name)
