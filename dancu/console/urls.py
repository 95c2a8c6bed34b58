"""Addresses of the officers' face, below /console/. People go by the register's key."""

from __future__ import annotations

from django.urls import path

from dancu.console.views import (
    batches,
    cases,
    civil,
    corrections,
    facts,
    home,
    log,
    number,
    people,
    person,
    requests,
    residence,
    uploads,
)

app_name = "console"
PERSON = "people/<int:person_id>/"
FACT = f"{PERSON}facts/<slug:name>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", home.keys, name="help"),
    path("case/", cases.case, name="case"),
    path("case/close/", cases.close, name="case-close"),
    path("communes/", people.commune_options, name="communes"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:request_id>/", requests.decide, name="request"),
    path("conflicts/", requests.conflicts, name="conflicts"),
    path("reports/", requests.reports, name="reports"),
    path("access-log/", log.access_log, name="access-log"),
    path("deliveries/", batches.batches, name="batches"),
    path("deliveries/new/", uploads.upload, name="upload"),
    path("deliveries/new/<int:upload_id>/", uploads.confirm, name="upload-confirm"),
    path("deliveries/new/<int:upload_id>/delete/", uploads.discard, name="upload-discard"),
    path("deliveries/new/<int:upload_id>/again/", uploads.again, name="upload-again"),
    path("deliveries/<int:batch_id>/", batches.batch, name="batch"),
    path("deliveries/<int:batch_id>/progress/", batches.progress, name="batch-progress"),
    path("deliveries/<int:batch_id>/refused.csv", batches.rejected, name="batch-rejected"),
    path(
        "deliveries/<int:batch_id>/refused.xlsx",
        batches.rejected_workbook,
        name="batch-rejected-xlsx",
    ),
    path("people/", people.people, name="people"),
    path("people/present/", people.present, name="present"),
    path(PERSON, person.person, name="person"),
    path(f"{PERSON}timeline/", person.timeline, name="timeline"),
    path(f"{PERSON}family/", person.family, name="family"),
    path(f"{PERSON}papers/", person.papers, name="papers"),
    path(f"{PERSON}looks/", person.visits, name="visits"),
    path(f"{PERSON}print/", person.paper, name="paper"),
    path(FACT, facts.fact, name="fact"),
    path(f"{FACT}show/", facts.reveal, name="reveal"),
    path(f"{FACT}confirm/", facts.confirm, name="confirm"),
    path(f"{FACT}correct/", corrections.correct, name="correct"),
    path(f"{FACT}conflict/<int:statement_id>/", corrections.conflict, name="conflict"),
    path(f"{PERSON}move/", residence.move, name="move"),
    path(f"{PERSON}stay/", residence.stay, name="stay"),
    path(f"{PERSON}stay/end/", residence.stay_end, name="stay-end"),
    path(f"{PERSON}absence/", residence.absence, name="absence"),
    path(f"{PERSON}absence/end/", residence.absence_end, name="absence-end"),
    path(f"{PERSON}head/", residence.head, name="head"),
    path(f"{PERSON}birth/", civil.birth, name="birth"),
    path(f"{PERSON}death/", civil.death, name="death"),
    path(f"{PERSON}marriage/", civil.marriage, name="marriage"),
    path(f"{PERSON}divorce/", civil.divorce, name="divorce"),
    path(f"{PERSON}name/", civil.name, name="name"),
    path(f"{PERSON}number/", number.number, name="number"),
]
