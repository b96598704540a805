"""The index: every request, and who answers it."""

import re
from collections.abc import Callable

from slack_bolt import App, BoltContext, BoltResponse

from bot.content import Bank
from bot.store import Db
from bot.store.notices import ENVELOPE
from handlers import (
    agendas,
    audits,
    briefs,
    commands,
    debrief_notes,
    debriefs,
    debriefs_told,
    decided,
    decisions,
    drills,
    echo,
    envelopes,
    feeds,
    guide,
    home,
    hours,
    imports,
    insights,
    keeping,
    kits,
    lateness,
    loops,
    meetings,
    mirror,
    notes,
    nudges,
    openings,
    packets,
    planning,
    reminders,
    rotation,
    scorecards,
    search,
    settling,
    sharing,
    sheets,
    stances,
    timetables,
    training,
    unfinished,
    unreached,
    votes,
    workspaces,
)
from handlers.bank import CurrentBank
from handlers.errors import explain
from handlers.here import Here
from handlers.outgoing import Render
from handlers.pace import Pace
from handlers.people import Clock, Directory, Doorkeeper


def register(
    app: App,
    current: CurrentBank,
    db: Db,
    now: Clock,
    wake: Callable[[], None],
    forget: workspaces.Forget = lambda *_: None,
    pace: Pace | None = None,
    public_url: str = "",
) -> None:
    """Bind every handler to `app`. Bolt gives what `supply` puts in to any that names it."""
    people, removal = Directory(now), workspaces.Removal(forget)

    @app.use
    def supply(context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse:
        who = (context.team_id or "", context.user_id or "")
        mine = current.of(who[0])
        context["here"] = Here(*who, now(), db, mine, mine.bank, people, wake, public_url)
        context["bank"], context["current"] = mine.bank, mine
        return next_()

    if pace is not None:
        app.use(pace)
    app.use(Doorkeeper(people))
    app.error(explain)

    # Bolt asks one listener after the other: what comes with every letter comes first.
    app.action(re.compile(r"^card_(text|choice|flags)$"))(scorecards.typed)
    app.view("card_page")(scorecards.next_page)
    app.action(re.compile(r"^vote_(text|choice)$"))(votes.typed)
    app.action(re.compile(r"^decision_(text|choice)$"))(decisions.typed)
    app.command("/safety-interview")(commands.safety_interview)
    app.event("app_home_opened")(home.opened)  # The most frequent of the rest.
    app.action(re.compile(r"^sheet_open_"))(sheets.open_sheet)
    app.action("question_menu")(sheets.choose)
    app.action("rubric_open")(sheets.open_rubric)
    app.action(re.compile(r"^rubric_level_"))(sheets.switch_level)
    app.view("question_share")(sharing.share)
    app.view("words_copied")(lambda ack: ack())
    app.action("shared_remove")(sharing.remove)
    app.action(re.compile(r"^kit_(open|choose)"))(kits.open_plan)
    app.action(re.compile(r"^guide_(open|topic|pay)$"))(guide.open_topic)
    app.action("guide_questions")(guide.open_questions)
    app.action("find_open")(search.open_window)
    app.action(re.compile(r"^find_(more|back|try)"))(search.turn)
    app.view("find")(search.submit)
    app.action("opening_new")(openings.open_form)
    app.view("opening_create")(openings.create)
    app.action("opening_list")(openings.show_list)
    app.action("opening_show")(openings.show)
    app.action("opening_kit")(openings.show_kit)
    app.action("opening_swap")(openings.choose_swap)
    app.view("opening_swapped")(openings.swap)
    app.action(re.compile(r"^opening_(close|reopen)$"))(openings.close)
    app.shortcut("opening_new")(openings.open_form)
    app.shortcut("plan_new")(planning.open_form)
    app.action("plan_new")(planning.open_form)
    app.action("opening")(planning.choose_opening)
    app.view("plan_start")(planning.start)
    app.action(re.compile(r"^(lead|plan_session|plan_add)$"))(planning.redraw)
    app.view("plan_sessions")(planning.check)
    app.action(re.compile(r"^(starts|other|role|debrief|place)$"))(unfinished.typed)
    app.action("plan_continue")(unfinished.go_on)
    app.action("plan_discard")(unfinished.discard)
    app.action("plan_back")(planning.back)
    app.view("plan_save")(planning.save)
    app.action(re.compile(r"^loops_"))(loops.show_list)
    app.action("loop_show")(loops.show)
    app.action("loop_change")(loops.change)
    app.action("loop_undo")(loops.undo)
    app.action("loop_withdraw")(loops.ask_withdrawal)
    app.view("loop_withdrawn")(loops.withdraw)
    app.action("loop_reveal")(loops.ask_reveal)
    app.view("loop_revealed")(loops.reveal)
    app.action("loop_happened")(loops.ask_happened)
    app.view("loop_happened")(loops.happened)
    app.action("kit_mine")(briefs.open_kit)
    app.action("brief_calendar")(briefs.calendar)
    app.action("brief_cannot")(briefs.ask_cannot)
    app.view("brief_cannot")(briefs.cannot)
    app.action(re.compile(r"^brief_instead_"))(briefs.instead)
    app.action("card_open")(scorecards.open_)
    app.action(re.compile(r"^card_turn_"))(scorecards.turn)
    app.action(re.compile(r"^card_read_"))(scorecards.read)
    app.view("card_confirm")(scorecards.confirm)
    app.action("vote_open")(votes.open_)
    app.action(re.compile(r"^vote_turn_"))(votes.turn)
    app.view("vote_page")(votes.next_page)
    app.action("votes_show")(votes.compare)
    app.action("decision_open")(decisions.open_)
    app.action("decision_back")(decisions.back)
    app.view("decision_form")(decisions.check)
    app.view("decision_confirm")(decisions.decide)
    app.action("stance_concur")(stances.concur)
    app.action(re.compile(r"^stance_(object|dissent)$"))(stances.ask_reason)
    app.view("stance_objected")(stances.object_)
    app.view("stance_dissented")(stances.dissent)
    app.action("objection_answer")(stances.ask_answer)
    app.view("objection_answered")(stances.answer)
    app.action("decision_reopen")(stances.ask_reopening)
    app.view("decision_reopened")(stances.reopen)
    app.action("record_send")(audits.send_record)
    app.action("audit_open")(audits.open_)
    app.view("audit_send")(audits.send)
    app.action("feed_open")(feeds.open_)
    app.action("feed_renew")(feeds.renew)
    app.action("feed_revoke")(feeds.revoke)
    app.view("feed")(lambda ack: ack())
    app.action("hours_open")(hours.open_form)
    app.view("hours_save")(hours.save)
    app.action("export_open")(keeping.ask_export)
    app.view("export")(keeping.export)
    app.action("erase_open")(keeping.ask_erase)
    app.view("erase")(keeping.erase)
    app.view("import_check")(imports.check)
    app.view("import_save")(imports.confirm)
    app.action("debrief_open")(packets.open_)
    app.action(re.compile(r"^packet_turn_"))(packets.turn)
    app.action(re.compile(r"^(packet_(topic|pick)|evidence_(back|stay|next))$"))(packets.evidence)
    app.action("packet_file")(packets.file)
    app.action("debrief_start")(debriefs.ask)
    app.view("debrief_begin")(debriefs.begin)
    app.action(re.compile(r"^debrief_step_(next|more|back|end)$"))(debriefs.step)
    app.action("debrief_resume")(debriefs.resume)
    app.action("debrief_note")(debrief_notes.ask_note)
    app.view("debrief_noted")(debrief_notes.note)
    app.action(re.compile(r"^(debrief_notes|notes_(back|next))$"))(debrief_notes.show_notes)
    app.action("drill_open")(drills.open_)
    app.view("drill_score")(drills.score)
    app.view("drill_next")(drills.following)
    app.action("mirror_open")(mirror.show)
    app.action(re.compile(r"^insights_"))(insights.show)
    app.action(re.compile(r"^rotation_(show|back|next)$"))(rotation.show)
    app.action("rotation_mark")(rotation.ask_mark)
    app.view("rotation_marked")(rotation.mark)
    app.action("rotation_unmark")(rotation.unmark)
    app.action("echo_open")(echo.open_form)
    app.view("echo_save")(echo.save)
    app.action(re.compile(r"^training_(ready|more)$"))(training.answer)
    app.action(re.compile(r"^nudge_(snooze|hour|tomorrow)$"))(nudges.choose_snooze)
    app.view("nudge_snooze")(nudges.pick_snooze)
    app.action("nudge_absent")(nudges.ask_absent)
    app.view("nudge_absent")(nudges.absent)
    app.action("nudge_unheld")(nudges.ask_unheld)
    app.view("nudge_unheld")(nudges.unheld)
    app.action(re.compile(r"^late_nudge(_\d)?$"))(lateness.nudge_now)
    app.action("late_excuse")(lateness.excuse)
    app.action("late_restore")(lateness.restore)
    app.action("nudge_list")(agendas.choose)
    app.action(re.compile(r"^nudge_plan(_page)?$"))(agendas.show)
    app.action(re.compile(r"^nudge_do_"))(agendas.change)
    app.action("home_open")(home.back)
    app.event("message")(notes.said)
    app.event("app_uninstalled")(removal.uninstalled)
    app.event("tokens_revoked")(removal.revoked)
    app.event("team_access_revoked")(removal.lost_access)


def renders(bank: Callable[[], Bank], people: Directory) -> dict[str, Render]:
    """Each kind of notice, and what makes its message from how things are when it is due."""
    told, retention = briefs.Briefs(bank, people), keeping.Retention(bank)
    decision, files = decided.Decided(bank), audits.Files()
    asking = reminders.Reminders(bank, people)
    chasing, meeting = lateness.Lateness(bank, people), meetings.Meetings(bank, people)
    reading, talking = packets.Packets(bank), debriefs_told.Debriefs(bank)
    found: dict[str, Render] = {
        "brief": told.brief,
        "debrief": told.debrief,
        "reveal": told.revealed,
        "packet": reading.packet,
        "packet_news": reading.news,
        "packet_file": reading.file,
        "debrief_live": talking.live,
        "debrief_turn": talking.turn,
        "debrief_time": talking.time,
        "debrief_hush": talking.hush,
        "debrief_end": talking.end,
        "cannot": told.cannot,
        "home": home.render(bank),
        "calendar": told.calendar,
        "export": keeping.Files(bank).export,
        "training": training.Trainings(bank).ask,
        "plan": timetables.Timetables(bank, people).plan,
        "morning": asking.morning,
        "soon": asking.soon,
        "nudge": asking.nudge,
        "echo": echo.Echoes(bank).ask,
        "effect": decision.effect,
        "decided": decision.decided,
        "stance": decision.stance,
        "objection": decision.objection,
        "answered": decision.answered,
        "reopened": decision.reopened,
        "held": decision.held,
        "record": files.record,
        "record_md": files.record,
        "audit": files.audit,
        "nudge1": asking.again,
        "nudge2": asking.again,
        "nudge3": asking.again,
        "asked": asking.asked,
        "late": chasing.late,
        "still": chasing.still,
        "tally": chasing.tally,
        "arrived": chasing.arrived,
        "away": chasing.away,
        "absent": chasing.absent,
        "unheld": chasing.unheld,
        "agenda": meeting.agenda,
        "ready1": meeting.ready,
        "ready2": meeting.ready,
        "ready3": meeting.ready,
        "final": meeting.final,
        "decide": meeting.decide,
        "handed_in": settling.arrived,
        "settle": settling.redraw,
        "retain": retention.retain,
        "depart": workspaces.depart,
        "unsay": retention.unsay,
        "unfile": retention.unfile,
        "unreached": unreached.render,
    }
    found[ENVELOPE] = envelopes.Opener(found).open
    return found
