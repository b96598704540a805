"""Modals and the Home tab."""

from playground.strict import check_view
from playground.web_api.registry import MethodError, Record, method, require
from playground.workspace import VIEWS_STACKED, Workspace


@method("views.open", required=["trigger_id", "view"])
def _views_open(workspace: Workspace, arguments: Record) -> Record:
    user = _triggered(workspace, arguments)
    require(check_view(arguments.get("view"), "modal"))
    view = workspace.new_view(arguments["view"])
    workspace.show_views(user, [view])
    return {"view": view}


@method("views.push", required=["trigger_id", "view"])
def _views_push(workspace: Workspace, arguments: Record) -> Record:
    user = _triggered(workspace, arguments)
    stack = workspace.views[user]
    require(check_view(arguments.get("view"), "modal"))
    if not stack:
        raise MethodError("invalid_trigger_id")
    if len(stack) >= VIEWS_STACKED:
        raise MethodError("push_limit_reached")
    view = workspace.new_view(arguments["view"], stack[-1])
    workspace.show_views(user, [*stack, view])
    return {"view": view}


@method("views.update", required=["view"])
def _views_update(workspace: Workspace, arguments: Record) -> Record:
    found = workspace.view(arguments.get("view_id") or arguments.get("external_id", ""))
    if found is None:
        raise MethodError("not_found")
    user, old = found
    if arguments.get("hash") and arguments["hash"] != old["hash"]:
        raise MethodError("hash_conflict")
    require(check_view(arguments.get("view"), "modal"))
    view = workspace.redraw(old, arguments["view"])
    workspace.show_views(user, workspace.views[user])
    return {"view": view}


@method("views.publish", required=["user_id", "view"])
def _views_publish(workspace: Workspace, arguments: Record) -> Record:
    user = arguments.get("user_id", "")
    if user not in workspace.users:
        raise MethodError("user_not_found")
    old = workspace.homes.get(user)
    if arguments.get("hash") and old and arguments["hash"] != old["hash"]:
        raise MethodError("hash_conflict")
    require(check_view(arguments.get("view"), "home"))
    return {"view": workspace.publish(user, arguments["view"])}


def _triggered(workspace: Workspace, arguments: Record) -> str:
    user, error = workspace.use_trigger(str(arguments.get("trigger_id", "")))
    if error:
        raise MethodError(error)
    return user
