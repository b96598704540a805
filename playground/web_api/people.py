"""Who there is: the app itself, people, and user groups."""

from playground import cast
from playground.web_api.registry import MethodError, Record, method, page_of, truth
from playground.workspace import Workspace


@method("api.test")
def _api_test(_: Workspace, arguments: Record) -> Record:
    return {"args": arguments}


@method("auth.test")
def _auth_test(workspace: Workspace, _: Record) -> Record:
    bot = workspace.users[cast.BOT_USER]
    enterprise = workspace.enterprise or {}
    # With an organisation's token Slack tells of the organisation as if it were the team.
    team = {**workspace.team, **enterprise} if workspace.org_wide else workspace.team
    return {
        "url": f"https://{workspace.team['domain']}.slack.com/",
        "team": team["name"],
        "team_id": team["id"],
        **({"enterprise_id": enterprise["id"]} if enterprise else {}),
        "user": bot["name"],
        "user_id": cast.BOT_USER,
        "bot_id": cast.BOT_ID,
        "is_enterprise_install": workspace.org_wide,
    }


@method("users.info", "users:read", ["user"])
def _users_info(workspace: Workspace, arguments: Record) -> Record:
    user = workspace.users.get(str(arguments["user"]))
    if user is None:
        raise MethodError("user_not_found")
    return {"user": user}


@method("users.lookupByEmail", "users:read.email", ["email"])
def _lookup_by_email(workspace: Workspace, arguments: Record) -> Record:
    for user in workspace.users.values():
        if user["profile"].get("email") == str(arguments["email"]).lower():
            return {"user": user}
    raise MethodError("users_not_found")


@method("dnd.info", "dnd:read")
def _dnd_info(workspace: Workspace, arguments: Record) -> Record:
    user = str(arguments.get("user") or cast.BOT_USER)
    if user not in workspace.users:
        raise MethodError("user_not_found")
    starts, ends = workspace.quiet.get(user, (0, 0))
    if ends <= workspace.clock.now().timestamp():
        # Slack knows no next time: it says 1 for both (dnd.info).
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    return {"dnd_enabled": True, "next_dnd_start_ts": starts, "next_dnd_end_ts": ends}


@method("users.list", "users:read")
def _users_list(workspace: Workspace, arguments: Record) -> Record:
    members, cursor = page_of(list(workspace.users.values()), arguments, usual=1000)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


@method("usergroups.list", "usergroups:read")
def _usergroups_list(workspace: Workspace, arguments: Record) -> Record:
    listed = []
    for group in workspace.user_groups.values():
        shown = {name: value for name, value in group.items() if name != "users"}
        if truth(arguments.get("include_users")):
            shown["users"] = group["users"]
        if truth(arguments.get("include_count")):
            shown["user_count"] = len(group["users"])
        listed.append(shown)
    return {"usergroups": listed}


@method("usergroups.users.list", "usergroups:read", ["usergroup"])
def _usergroups_users_list(workspace: Workspace, arguments: Record) -> Record:
    group = workspace.user_groups.get(str(arguments["usergroup"]))
    if group is None:
        raise MethodError("no_such_subteam")
    return {"users": group["users"]}
