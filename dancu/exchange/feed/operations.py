"""The feed over HTTP: following people, reading what changed, having it sent."""

from __future__ import annotations

from dancu.catalogue.contracts import FEED_EVENTS
from dancu.exchange.api import shapes, verifying
from dancu.exchange.api.shapes import COUNT, MOMENT, answered, closed, text
from dancu.exchange.api.types import JSON, Operation, Parameter, Shape
from dancu.exchange.feed import answering, cursors, services, serving
from dancu.exchange.feed.guard import LONGEST_ADDRESS

_TAG = "feed"
#: Events on a page, at most.
_MOST = 500


_KEY = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_CURSOR = {
    "type": "string",
    "pattern": cursors.PATTERN,
    "description": "As it was given; it stays good after a restart.",
}
_CHANGE = {"type": "string", "enum": list(FEED_EVENTS)}
_FACT = answered(
    "value",
    "source",
    value={"description": "Text, number, truth value, or an object for an address."},
    source={"type": "string", "description": "Code of the source that the value rests on."},
    since=shapes.DAY,
)
EVENT = answered(
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "data",
    specversion={"type": "string", "enum": ["1.0"]},
    id={"type": "string", "description": "The same whenever the event is told again."},
    source={"type": "string", "description": "urn:dancu:feed:CONTRACT"},
    type={"type": "string", "enum": [f"vn.dancu.person.{name}.v1" for name in FEED_EVENTS]},
    subject={"type": "string", "description": "Your subscription, or the person's number."},
    partitionkey={"type": "string", "description": "Events of one key come in their order."},
    time=MOMENT,
    datacontenttype={"type": "string"},
    data=answered(
        "change",
        "nature",
        "record",
        "attributes",
        change=_CHANGE,
        nature={
            "type": "string",
            "enum": ["happened", "corrected", "withdrawn"],
            "description": "corrected: what was told before was wrong, this is right. withdrawn: "
            "what was told did not happen.",
        },
        record={"type": "string", "description": "Number of the access record."},
        reference={"type": "string", "description": "Your own mark."},
        pid={"type": "string", "description": "Only where everybody is followed."},
        successor={"type": "boolean", "description": "Of a cancelled PID: is there another?"},
        left_area={"type": "boolean", "description": "Moved out of the contract's area."},
        attributes={"type": "object", "additionalProperties": _FACT},
    ),
)
_FOLLOWED = answered(
    reference={"type": "string"},
    id={"type": "string", "description": "Number of the access record that the person can read."},
    subscription={"type": "string", "description": "Only when every fact agrees."},
    outcome=verifying.ANSWER["properties"]["outcome"],
    successor=verifying.ANSWER["properties"]["successor"],
    attributes=verifying.ANSWER["properties"]["attributes"],
    error=answered("code", "detail", code={"type": "string"}, detail={"type": "string"}),
)
_WEBHOOK = answered(
    "id",
    "address",
    "changes",
    "state",
    "cursor",
    "waiting",
    "attempts",
    "created_at",
    id={"type": "string"},
    address={"type": "string"},
    changes={"type": "array", "items": _CHANGE, "description": "Empty: all."},
    state={"type": "string", "enum": ["unconfirmed", "active", "off", "ended"]},
    why={"type": "string", "enum": ["agency", "client", "contract", "gone", "failing"]},
    cursor={"type": "string", "description": "Everything up to it was taken."},
    waiting={**COUNT, "description": "Events to be sent; 1,000 at most are counted."},
    attempts={**COUNT, "description": "Failures since something was taken."},
    failing_since=MOMENT,
    last_status={"type": "integer"},
    last_problem={
        "type": "string",
        "description": "status, consent, name, network, connection, tls, time, answer …",
    },
    last_taken_at=MOMENT,
    next_at=MOMENT,
    created_at=MOMENT,
)
_FOLLOW = closed(
    ("purpose", "people"),
    purpose=shapes.PURPOSE,
    people={
        "type": "array",
        "minItems": 1,
        "maxItems": services.MOST_AT_ONCE,
        "items": closed(
            ("claims",),
            claims=verifying.REQUEST["properties"]["claims"],
            reference=shapes.REFERENCE,
        ),
    },
    case=shapes.CASE,
)
_EXAMPLE = {
    "purpose": "school_enrolment",
    "people": [
        {
            "claims": {
                "pid": "079098000123",
                "full_name": "Trần Thị Thu Hương",
                "birth_date": "1998-03-02",
            },
            "reference": "HS-0001",
        }
    ],
}
_REGISTER = closed(
    ("address",),
    address={
        **text(LONGEST_ADDRESS, least=1),
        "description": "https only, and no private network.",
    },
    changes={"type": "array", "items": _CHANGE, "uniqueItems": True, "maxItems": 5},
    cursor={**_CURSOR, "description": "Begin behind it; without one, from now on."},
)
_PLACE_OF_SUBSCRIPTION = Parameter("subscription", "path", "The subscription.", _KEY)
_PLACE_OF_WEBHOOK = Parameter("webhook", "path", "The webhook's id.", _KEY)
_ONE_WEBHOOK = Shape("The webhook.", {JSON: _WEBHOOK})

OPERATIONS = (
    Operation(
        name="feed",
        method="GET",
        path="/feed",
        summary="Changes of people whom you follow, the oldest first.",
        text="CloudEvents 1.0 in a JSON batch. Each event is told at least once, those of one "
        "subscription in their order. Keep X-Next-Cursor when you have kept the events, and ask "
        "again with it: an empty page with the same cursor says that there is nothing new.",
        answer=answering.read,
        tag=_TAG,
        parameters=(
            Parameter("cursor", "query", "Without one, everything that is kept.", _CURSOR),
            Parameter(
                "limit",
                "query",
                f"At most so many events; {answering.LIMIT} unless named.",
                {"type": "integer", "minimum": 1, "maximum": _MOST},
            ),
            Parameter(
                "changes",
                "query",
                "Only these kinds of change, with commas between.",
                {"type": "string", "maxLength": 100, "pattern": "^[a-z_, ]*$"},
            ),
            *shapes.X_ROAD,
        ),
        replies={
            200: Shape(
                "The events.",
                {serving.MEDIA: {"type": "array", "items": EVENT}},
                {
                    "X-Next-Cursor": "The cursor of the next page.",
                    "X-Has-More": "Whether the next page has something now: true or false.",
                    "Link": "The next page (rel=next).",
                },
            )
        },
        problems=(410,),
    ),
    Operation(
        name="follow",
        method="POST",
        path="/feed/subscriptions",
        summary="Follow people: be told of their changes.",
        text="Every fact that is sent must agree, the PID among them. Asked again for somebody "
        "whom you follow, the subscription is the same. It counts like a verification, and the "
        "person can read that you follow them, and why.",
        answer=answering.follow,
        tag=_TAG,
        body=_FOLLOW,
        examples={JSON: _EXAMPLE},
        parameters=shapes.X_ROAD,
        replies={
            200: Shape(
                "In the order asked.",
                {
                    JSON: answered(
                        "contract",
                        "people",
                        contract={"type": "string"},
                        people={"type": "array", "items": _FOLLOWED},
                    )
                },
            )
        },
        most_bytes=1024 * 1024,
    ),
    Operation(
        name="followed",
        method="GET",
        path="/feed/subscriptions",
        summary="Whom you follow, by your own marks.",
        answer=answering.followed,
        tag=_TAG,
        parameters=(
            Parameter("after", "query", "The last subscription of the page before.", _KEY),
        ),
        replies={
            200: Shape(
                f"{services.WINDOW} of them, the oldest first.",
                {
                    JSON: answered(
                        "subscriptions",
                        "has_more",
                        subscriptions={
                            "type": "array",
                            "items": answered(
                                "subscription",
                                "purpose",
                                "since",
                                subscription={"type": "string"},
                                purpose={"type": "string"},
                                reference={"type": "string"},
                                since=MOMENT,
                            ),
                        },
                        has_more={"type": "boolean"},
                    )
                },
            )
        },
        problems=(404,),
    ),
    # Before the place of a subscription, which would take this path too.
    Operation(
        name="unfollowMany",
        method="POST",
        path="/feed/subscriptions/end",
        summary="Follow several people no longer.",
        answer=answering.unfollow_many,
        tag=_TAG,
        body=closed(
            ("subscriptions",),
            subscriptions={
                "type": "array",
                "minItems": 1,
                "maxItems": services.MOST_AT_ONCE,
                "items": _KEY,
            },
        ),
        replies={200: Shape("How many stood.", {JSON: answered("ended", ended=COUNT)})},
    ),
    Operation(
        name="unfollow",
        method="DELETE",
        path="/feed/subscriptions/{subscription}",
        summary="Follow somebody no longer.",
        text="What has not been told by then is not told any more.",
        answer=answering.unfollow,
        tag=_TAG,
        parameters=(_PLACE_OF_SUBSCRIPTION,),
        replies={204: Shape("It has ended.")},
        problems=(404,),
    ),
    Operation(
        name="registerWebhook",
        method="POST",
        path="/feed/webhooks",
        summary="Have the events sent to you.",
        text="The receiver is asked first whether it agrees (CloudEvents HTTP Webhook: OPTIONS "
        "with WebHook-Request-Origin). Deliveries are JSON batches of CloudEvents, signed: the "
        "header Webhook-JWS is a detached JWS of the body, with a key of /jwks.json. What is not "
        "taken with 200, 201, 202 or 204 is sent again, later each time, for seven days; 410 "
        "ends it.",
        answer=answering.register,
        tag=_TAG,
        body=_REGISTER,
        examples={JSON: {"address": "https://agency.example.vn/dancu", "changes": ["death"]}},
        replies={
            201: Shape(
                "The webhook.", {JSON: _WEBHOOK}, {"Location": "Where to ask how it stands."}
            )
        },
        problems=(409, 410),
    ),
    Operation(
        name="webhooks",
        method="GET",
        path="/feed/webhooks",
        summary="How your webhooks stand.",
        answer=answering.registered,
        tag=_TAG,
        replies={
            200: Shape(
                "Those that stand, then the last that have ended.",
                {JSON: answered("webhooks", webhooks={"type": "array", "items": _WEBHOOK})},
            )
        },
    ),
    Operation(
        name="endWebhook",
        method="DELETE",
        path="/feed/webhooks/{webhook}",
        summary="Have nothing more sent.",
        answer=answering.end,
        tag=_TAG,
        parameters=(_PLACE_OF_WEBHOOK,),
        replies={204: Shape("It has ended.")},
        problems=(404,),
    ),
    Operation(
        name="resumeWebhook",
        method="POST",
        path="/feed/webhooks/{webhook}/resume",
        summary="Have a webhook tried again that was switched off.",
        text="It goes on where it stopped, when the receiver agrees again.",
        answer=answering.resume,
        tag=_TAG,
        parameters=(_PLACE_OF_WEBHOOK,),
        replies={200: _ONE_WEBHOOK},
        problems=(404, 409, 410),
    ),
)
