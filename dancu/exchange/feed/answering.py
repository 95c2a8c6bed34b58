"""What the feed's operations answer: the request read, the use case called, the reply written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext

from dancu.catalogue.contracts import FEED_EVENTS
from dancu.exchange.api import verifying
from dancu.exchange.api.types import Call, Reply
from dancu.exchange.feed import services, serving, webhooks
from dancu.exchange.feed.types import Follow, WebhookView
from dancu.exchange.types import Answer
from dancu.kernel.errors import DancuError, FieldError, Invalid

#: What of a verification's answer is told of somebody who is to be followed.
_OF_ANSWER: tuple[str, ...] = ("outcome", "attributes", "successor")
#: Events on a page where no limit is named.
LIMIT = 100
_NO_STORE = {"Cache-Control": "no-store"}


def read(call: Call) -> Reply:
    """Tell the events behind a cursor."""
    changes = _changes(call.query.get("changes", ""))
    page = serving.page(
        call.who,
        at=call.at,
        cursor=call.query.get("cursor", ""),
        limit=int(call.query.get("limit", LIMIT)),
        changes=changes,
    )
    query = {**call.query, "cursor": page.cursor}
    headers = {
        **_NO_STORE,
        "X-Next-Cursor": page.cursor,
        "X-Has-More": "true" if page.has_more else "false",
        "Link": f'<{call.address}/feed?{urlencode(query)}>; rel="next"',
    }
    return Reply(list(page.events), media=serving.MEDIA, headers=headers)


def _changes(given: str) -> frozenset[str]:
    named = frozenset(part.strip() for part in given.split(",") if part.strip())
    if named <= frozenset(FEED_EVENTS):
        return named
    raise Invalid(
        [
            FieldError(
                "changes",
                "choice",
                "It must be one of: %(values)s.",
                "Choose one of them.",
                {"values": ", ".join(FEED_EVENTS)},
            )
        ]
    )


def follow(call: Call) -> Reply:
    """Follow people, as far as every fact that was sent agrees."""
    body = call.json
    people = [Follow(one["claims"], one.get("reference", "")) for one in body["people"]]
    found = services.follow(
        caller=call.who,
        purpose=body["purpose"],
        people=people,
        at=call.at,
        case=body.get("case", "") or call.who.issue,
    )
    errors = [answer for answer, _key in found if isinstance(answer, DancuError)]
    if len(errors) == len(found):
        # The same for all of them, as when the contract does not have the purpose.
        raise errors[0]
    told = [
        _followed(answer, key, people[place], call.language)
        for place, (answer, key) in enumerate(found)
    ]
    return Reply({"contract": call.who.contract.name, "people": told}, headers=_NO_STORE)


def _followed(
    answer: Answer | DancuError, key: str, asked: Follow, language: str
) -> dict[str, Any]:
    value: dict[str, Any] = {"reference": asked.reference} if asked.reference else {}
    if isinstance(answer, DancuError):
        with translation.override(language):
            return value | {"error": {"code": answer.code, "detail": answer.text(gettext)}}
    found = verifying.written(answer)
    value["id"] = answer.id
    value |= {name: found[name] for name in _OF_ANSWER if name in found}
    return value | {"subscription": key} if key else value


def followed(call: Call) -> Reply:
    """Tell whom one follows, by one's own marks."""
    rows, has_more = services.list_followed(caller=call.who, after=call.query.get("after", ""))
    told = [
        {
            "subscription": one.key,
            "purpose": one.purpose,
            "reference": one.reference,
            "since": one.begun_at,
        }
        for one in rows
    ]
    return Reply({"subscriptions": told, "has_more": has_more}, headers=_NO_STORE)


def unfollow(call: Call) -> Reply:
    """Follow somebody no longer."""
    services.unfollow_one(caller=call.who, key=call.path["subscription"], at=call.at)
    return Reply(status=204)


def unfollow_many(call: Call) -> Reply:
    """Follow several people no longer."""
    keys = call.json["subscriptions"]
    return Reply({"ended": services.unfollow(caller=call.who, keys=keys, at=call.at)})


def register(call: Call) -> Reply:
    """Have events sent to an address."""
    body = call.json
    made = webhooks.register(
        caller=call.who,
        address=body["address"],
        changes=body.get("changes", ()),
        cursor=body.get("cursor", ""),
        at=call.at,
    )
    return Reply(_webhook(made), 201, headers={"Location": f"{call.address}/feed/webhooks"})


def registered(call: Call) -> Reply:
    """Tell how one's webhooks stand."""
    rows = webhooks.listed(caller=call.who, at=call.at)
    return Reply({"webhooks": [_webhook(one) for one in rows]}, headers=_NO_STORE)


def end(call: Call) -> Reply:
    """Have nothing more sent."""
    webhooks.end(caller=call.who, key=call.path["webhook"], at=call.at)
    return Reply(status=204)


def resume(call: Call) -> Reply:
    """Have a webhook tried again."""
    return Reply(_webhook(webhooks.resume(caller=call.who, key=call.path["webhook"], at=call.at)))


def _webhook(one: WebhookView) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": one.key,
        "address": one.address,
        "changes": list(one.changes),
        "state": one.state,
        "cursor": one.cursor,
        "waiting": one.waiting,
        "attempts": one.attempts,
        "created_at": one.created_at,
    }
    more = {
        "why": one.why or None,
        "failing_since": one.failing_since,
        "last_status": one.last_status,
        "last_problem": one.last_problem or None,
        "last_taken_at": one.last_taken_at,
        "next_at": one.next_at,
    }
    return value | {name: found for name, found in more.items() if found is not None}
