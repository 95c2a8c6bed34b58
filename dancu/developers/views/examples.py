"""The examples: by topic and language, shown from the files that the tests run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.values import Tab
from dancu.developers import offered, snippets
from dancu.developers.errors import NothingOffered
from dancu.developers.types import Snippet
from dancu.developers.views.common import address_of, crumbs
from dancu.identity.decorators import public

_MEDIA = "text/plain; charset=utf-8"


@public()
@require_safe
def examples(request: HttpRequest) -> HttpResponse:
    """List the examples by what they show."""
    there = snippets.snippets()
    topics = []
    for topic in filter(_is_offered, snippets.TOPICS):
        spoken = [one.language for one in there if one.topic == topic.name]
        if spoken:
            links = [
                (language.label, _href(topic.name, language.name))
                for language in snippets.LANGUAGES
                if language.name in spoken
            ]
            topics.append({"topic": topic, "links": links})
    context = {
        "crumbs": crumbs(_("Examples")),
        "topics": topics,
        "languages": snippets.LANGUAGES,
    }
    return render(request, "developers/examples.html", context)


def _is_offered(topic: snippets.Topic) -> bool:
    """Say whether this exchange answers what an example asks."""
    return any(
        operation.name == topic.needs
        for service in offered.services()
        for operation in service.operations
    )


def _href(topic: str, language: str) -> str:
    return f"{reverse('developers:example', args=[topic])}?language={language}"


@public()
@require_safe
def example(request: HttpRequest, topic: str) -> HttpResponse:
    """Show one example in one language, with the file that it uses."""
    found = snippets.topic(topic)
    there = [one for one in snippets.snippets() if one.topic == topic]
    if found is None or not there or not _is_offered(found):
        raise NothingOffered
    wanted = request.GET.get("language", "")
    shown = next((one for one in there if one.language == wanted), there[0])
    spoken = snippets.language(shown.language)
    tabs = [
        Tab(one.label, _href(topic, one.name), current=one.name == shown.language)
        for one in snippets.LANGUAGES
        if any(snippet.language == one.name for snippet in there)
    ]
    uses = None
    if topic != snippets.COMMON:
        uses = snippets.snippet(snippets.COMMON, shown.language)
    context = {
        "crumbs": crumbs(found.title, examples=_("Examples")),
        "topic": found,
        "tabs": tabs,
        "snippet": shown,
        "spoken": spoken,
        "uses": uses,
        "address": address_of(request),
        "file_href": _file_href(shown),
        "uses_href": _file_href(uses) if uses else "",
    }
    return render(request, "developers/example.html", context)


def _file_href(snippet: Snippet) -> str:
    return reverse("developers:example_file", args=[snippet.topic, snippet.language])


@public()
@require_safe
def file(request: HttpRequest, topic: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Hand out the file of an example."""
    found = snippets.snippet(topic, language)
    if found is None:
        raise NothingOffered
    answer = HttpResponse(found.text, content_type=_MEDIA)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.file}"'
    return answer
