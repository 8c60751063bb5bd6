"""A session's fields: what can be sent, what is answered, and the rules between fields (product section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import BaseModel, Field

from capacity.table import MAX_SEATS
from roomserver.catalog.markdown import MAX_MARKDOWN_CHARACTERS, render_markdown
from roomserver.catalog.models import Session
from roomserver.catalog.sessions import SessionValues
from roomserver.http.body import Body, Draft
from roomserver.http.texts import Ids, Line, Moment, Password, Tags, Text
from signaling.statements import LiveRoom

Title = Annotated[Line, Field(min_length=1, max_length=60)]
Description = Annotated[Text, Field(max_length=140)]


class SessionFields(Body):
    """Every field that can be set, each with its default."""

    title: Title = ""
    description: Description = ""
    additional_info: Annotated[Text, Field(max_length=MAX_MARKDOWN_CHARACTERS)] = Field(
        "", description="Markdown with links, images and videos; sanitized where it is shown."
    )
    tags: Tags = Field(default_factory=list)
    display_size: Literal["large", "medium"] = Field("large", description="large: one in a row; medium: two in a row.")
    rank: Annotated[float, Field(ge=-1e9, le=1e9)] = Field(0, description="Higher first; ties by start, then title.")
    picture_alt: Annotated[Line, Field(max_length=140)] = ""
    location: Annotated[Line, Field(max_length=200)] = ""
    presenters: Annotated[Ids, Field(max_length=100)] = Field(default_factory=list, description="Ids, in order.")
    kind: Literal["session", "stage"] = Field("session", description="stage: only invited people share.")
    watch_policy: Literal["anyone", "private", "tickets", "unlisted"] = "anyone"
    ticket_types: Annotated[Ids, Field(max_length=100)] = Field(
        default_factory=list, description="Whose holders may watch, where watch_policy is tickets."
    )
    hidden: bool = Field(False, description="Leaves the home page; keeps its address and who may watch.")
    share_policy: Literal["anyone", "invite_only", "moderated"] = "anyone"
    max_on_screen: Annotated[int, Field(ge=1, le=MAX_SEATS)] = MAX_SEATS
    overflow: Literal["keep", "refuse_seat"] = Field(
        "keep", description="When a new seat would push the viewer cap below the viewers present."
    )
    availability: Literal["always_open", "scheduled"] = "always_open"
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    youtube: bool = False
    record: bool = False
    rtmp: bool = False
    apps: Annotated[Ids, Field(max_length=50)] = Field(default_factory=list)
    moderator_password: Password | None = Field(
        None, description="Write only; null: the event's global moderator password serves."
    )


class SessionChanges(SessionFields):
    """What is not sent stays as it is."""


class NewSession(SessionFields):
    parts: ClassVar[type[Body] | None] = SessionChanges

    title: Title


class LiveNumbers(BaseModel):
    seats_taken: int
    viewers: int


class SessionDocument(BaseModel):
    """A session as it is answered."""

    id: str
    title: str
    description: str
    additional_info: str
    additional_info_html: str = Field(description="additional_info as sanitized HTML.")
    tags: list[str]
    display_size: Literal["large", "medium"]
    rank: float
    picture: str | None = Field(description="Address of the picture.")
    picture_alt: str
    location: str
    presenters: list[str]
    kind: Literal["session", "stage"]
    watch_policy: Literal["anyone", "private", "tickets", "unlisted"]
    ticket_types: list[str]
    hidden: bool
    share_policy: Literal["anyone", "invite_only", "moderated"]
    max_on_screen: int
    overflow: Literal["keep", "refuse_seat"]
    availability: Literal["always_open", "scheduled"]
    starts_at: Moment | None
    ends_at: Moment | None
    youtube: bool
    record: bool
    rtmp: bool
    apps: list[str]
    has_moderator_password: bool = Field(description="Has one of its own.")
    created_by: str | None
    live: LiveNumbers | None = Field(description="Numbers of the running room; null while it isn't running.")


PLAIN_FIELDS = (
    "title",
    "description",
    "additional_info",
    "display_size",
    "rank",
    "picture_alt",
    "location",
    "kind",
    "watch_policy",
    "hidden",
    "share_policy",
    "max_on_screen",
    "overflow",
    "availability",
    "starts_at",
    "ends_at",
    "youtube",
    "record",
    "rtmp",
)
"""Fields that are a column of the same name."""


def session_document(session: Session, live: LiveRoom | None) -> SessionDocument:
    plain = {name: getattr(session, name) for name in PLAIN_FIELDS}
    return SessionDocument(
        **plain,
        id=session.id,
        additional_info_html=render_markdown(session.additional_info),
        tags=[link.tag for link in session.tag_links],
        picture=picture_address(session),
        presenters=[link.presenter for link in session.presenter_links],
        ticket_types=[link.ticket_type for link in session.ticket_links],
        apps=[],
        has_moderator_password=session.moderator_password_hash is not None,
        created_by=session.created_by,
        live=LiveNumbers(seats_taken=live.seats_taken, viewers=live.viewers) if live else None,
    )


def picture_address(session: Session) -> str | None:
    """Another picture has another address, so that browsers may keep each for ever."""
    if session.picture is None:
        return None
    return f"/api/sessions/{session.id}/picture/{session.picture.rpartition('/')[2]}"


def present_values(session: Session) -> dict[str, Any]:
    """The fields as they are set now, in the form in which they are sent."""
    return {
        **{name: getattr(session, name) for name in PLAIN_FIELDS},
        "tags": [link.tag for link in session.tag_links],
        "presenters": [link.presenter for link in session.presenter_links],
        "ticket_types": [link.ticket_type for link in session.ticket_links],
    }


def default_values() -> dict[str, Any]:
    return SessionFields.model_validate({}).model_dump(exclude={"apps", "moderator_password"})


def stored_values(sent: Mapping[str, Any], password_hash: str | None) -> SessionValues:
    """What was sent, in the form in which the catalog keeps it."""
    values = {name: value for name, value in sent.items() if name not in ("apps", "moderator_password")}
    if "moderator_password" in sent:
        values["moderator_password_hash"] = password_hash
    return cast(SessionValues, values)


def stage_shares_by_invitation(sent: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from making a session a stage: without a word about sharing, it is by invitation."""
    if sent.get("kind") == "stage" and "share_policy" not in sent and before["share_policy"] != "invite_only":
        return {"share_policy": "invite_only"}
    return {}


def check_rules(draft: Draft[Any], before: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
    """Refuse what doesn't go together. A field that is wrong by itself is not reported twice."""
    wrong = {error.field.partition(".")[0] for error in draft.errors}
    after = {**before, **sent}

    def both_good(*fields: str) -> bool:
        return not wrong.intersection(fields)

    if both_good("kind", "share_policy") and after["kind"] == "stage" and after["share_policy"] != "invite_only":
        draft.refuse("share_policy", "stage_by_invitation")
    if both_good("watch_policy", "ticket_types") and after["watch_policy"] == "tickets" and not after["ticket_types"]:
        draft.refuse("ticket_types", "no_ticket_types")
    if both_good("starts_at", "ends_at") and after["ends_at"] is not None:
        if after["starts_at"] is None:
            draft.refuse("starts_at", "end_without_start")
        elif after["ends_at"] <= after["starts_at"]:
            draft.refuse("ends_at", "end_before_start")
    for at, app in enumerate(sent.get("apps", ())):
        draft.refuse(f"apps.{at}", "unknown", what="app", name=app)
