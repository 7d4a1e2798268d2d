"""What comes in: from Microsoft Graph, from HR's files, from Teams and from the sign-in.

Places that begin with a verb are calls of Microsoft Graph as in Microsoft's reference.
"""

from __future__ import annotations

from scheduler.privacy.item import Item, list_items

PROGRAM = "nobody: the program alone"
GROUP = "HR, and the members of a person's group"
EVENT = "GET /users/{id}/events"
ONE_EVENT = "GET /users/{id}/events/{id}"
ATTACHMENTS = "GET /users/{id}/events/{id}/attachments"
OWN_EVENTS = "the organisers' mailboxes, events that the product made"

_DIRECTORY = "Entra ID, the company's directory"
_EVENT_FIELDS = {
    "id": "to find a group's meeting again",
    "start": "to see whether somebody moved the meeting by hand",
    "end": "to see whether somebody moved the meeting by hand",
    "isCancelled": "to see whether somebody cancelled the meeting by hand",
    "hasAttachments": "to see whether the agenda is attached",
    "attendees": "who of the group accepted, declined or proposed another time",
    "transactionId": "so that no meeting is created twice",
    "onlineMeeting": "the link to join, for cards",
    "webLink": "the link to the invitation, for cards",
    "iCalUId": "to recognise the meeting in every calendar",
    "singleValueExtendedProperties": "the product's own mark: round and group",
}
_FILE_FIELDS = {
    "id": "to replace an agenda",
    "name": "to tell the agenda from files of others",
    "size": "to see whether the agenda arrived whole",
}

PEOPLE = (
    *list_items(
        "GET /users", "not kept", _DIRECTORY, GROUP,
        {
            "displayName": "the name on invitation, agenda and card",
            "department": "people of different departments meet; shown beside the name",
            "officeLocation": "where a group can meet",
            "jobTitle": "shown beside the name, and for audiences",
        },
    ),
    *list_items(
        "GET /users", "not kept", _DIRECTORY, PROGRAM,
        {
            "id": "the only thing about a person that is stored",
            "mail": "the address of the invitation",
            "userType": "guests are not invited",
            "accountEnabled": "disabled accounts are nobody who works here",
            "country": "audiences, public holidays",
            "companyName": "audiences and rules",
            "employeeId": "to join the directory with the HR export",
            "employeeType": "audiences, for example without contractors",
            "employeeHireDate": "welcome lunches, and rules on length of service",
            "preferredLanguage": "the language of cards",
            "employeeOrgData": "the team within a department",
            "assignedLicenses": "shared mailboxes have none, and are nobody",
            "manager.id": "a person and their manager are not put together; levels",
        },
    ),
    *list_items(
        "GET /groups", "not kept", _DIRECTORY, PROGRAM,
        {"id": "to ask for the members", "displayName": "to find the group that HR names"},
    ),
    *list_items(
        "GET /groups/{id}/transitiveMembers", "not kept", _DIRECTORY, PROGRAM,
        {"id": "who belongs to a programme's audience"},
    ),
    *list_items(
        "GET /places/microsoft.graph.room", "not kept", "Exchange, the list of rooms", GROUP,
        {
            "id": "to name a room that cannot be used",
            "displayName": "the place in the invitation",
            "emailAddress": "to book the room",
            "capacity": "groups that fit into the room",
            "building": "to find the room's office",
            "address": "to find the room's office",
        },
    ),
)  # fmt: skip
"""People and rooms."""

CALENDARS = (
    *list_items(
        "POST /users/{id}/calendar/getSchedule", "not kept",
        "Exchange, what each person shows to every colleague", PROGRAM,
        {
            "scheduleId": "whose free/busy it is",
            "scheduleItems": "when somebody is busy: start, end and status. Subjects, places and "
            "attendees are thrown away unread where Exchange sends them",
            "workingHours": "the working hours and the time zone",
            "error": "whose calendar cannot be asked",
        },
    ),
    *list_items(EVENT, "not kept", OWN_EVENTS, GROUP, _EVENT_FIELDS),
    *list_items(ONE_EVENT, "not kept", OWN_EVENTS, GROUP, _EVENT_FIELDS),
    *list_items(
        ONE_EVENT, "not kept", OWN_EVENTS, GROUP,
        {"body": "to write a new agenda without losing the Teams link"},
    ),
    *list_items(
        "GET /users/{id}/calendarView/delta", "not kept", "the organisers' mailboxes", PROGRAM,
        {"*": "answers and changes since the last look. Graph sends whole events here; all but the "
         "fields above are thrown away unread"},
    ),
    *list_items(ATTACHMENTS, "not kept", OWN_EVENTS, PROGRAM, _FILE_FIELDS),
    *list_items(
        "GET /subscriptions", "not kept", "Graph, the product's own subscriptions", PROGRAM,
        {"*": "to renew them; nothing about a person"},
    ),
)  # fmt: skip
"""Free/busy, and the meetings that the product made itself."""

_WRITTEN = {
    "POST /users/{id}/events": "the invitation: subject, agenda, time, place, members",
    "PATCH /users/{id}/events/{id}": "changes of members, time, place or agenda",
    "POST /users/{id}/events/{id}/cancel": "the cancellation, with HR's message",
    "POST /users/{id}/events/{id}/attachments": "the agenda as a PDF",
    "POST /users/{id}/events/{id}/attachments/createUploadSession": "an agenda of more than 3 MB",
    "DELETE /users/{id}/events/{id}/attachments/{id}": "an agenda that was replaced",
    "POST /users/{id}/sendMail": "the same agenda by mail, to people whom Teams cannot reach",
    "POST /subscriptions": "the product's address; nothing about a person",
    "PATCH /subscriptions/{id}": "the product's address; nothing about a person",
    "DELETE /subscriptions/{id}": "the product's address; nothing about a person",
}
WRITTEN = tuple(
    Item(
        place=call,
        field="*",
        source="the product",
        purpose=why,
        seen_by=GROUP,
        kept="not kept",
    )
    for call, why in _WRITTEN.items()
)
"""What is written to Microsoft 365, where the company's own rules say how long it stays."""

EXPORT = list_items(
    "HR export", "not kept", "a file from the HR system that HR names in people.yaml", PROGRAM,
    {
        "id": "to join with the directory",
        "employee_id": "to join with the directory",
        "mail": "to join with the directory",
        "user_principal_name": "to join with the directory",
        "user_type": "guests are not invited",
        "name": "to name a row that cannot be used",
        "first_name": "to name a row that cannot be used",
        "preferred_name": "to name a row that cannot be used",
        "last_name": "to name a row that cannot be used",
        "department": "rules, where the export is right and the directory is not",
        "team": "rules on teams",
        "office": "where a group can meet",
        "country": "audiences, public holidays",
        "title": "audiences",
        "level": "rules on levels",
        "manager": "a person and their manager are not put together",
        "company": "audiences and rules",
        "hired": "welcome lunches, and rules on length of service",
        "returned": "welcome back after a long time away",
        "left": "who has left is not invited",
        "status": "who has left or is away is not invited",
        "employee_type": "audiences, for example without contractors",
        "languages": "groups with a common language",
        "interests": "groups with a common interest",
        "influence": "rules on influence, where HR gives such a rating",
        "buddy": "newcomers meet their buddy",
        "zone": "times at which everybody is at work",
    },
)  # fmt: skip

TEAMS = list_items(
    "Teams", "not kept", "Microsoft Teams, when somebody presses a button on a card", PROGRAM,
    {
        "from.aadObjectId": "who pressed",
        "conversation.id": "where to answer; kept with the card that was sent",
        "value": "what was pressed or written; what is kept of it stands with the tables",
        "recipient, channelData": "the bot itself, the company's tenant and the channel",
    },
)  # fmt: skip

SIGN_IN = list_items(
    "Sign-in to the pages", "session", "Entra ID", "the person alone",
    {
        "oid": "who is signed in",
        "tid": "people of other companies are turned away",
        "name": "shown on the page",
        "roles": "HR and administrators see more",
    },
)  # fmt: skip

READ = (*PEOPLE, *CALENDARS, *WRITTEN, *EXPORT, *TEAMS, *SIGN_IN)
