"""What the frame around every page shows: rooms, positions, counts, and how the person likes to read."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lianqiao.core.actor import Actor, Role
from lianqiao.core.policy import Policy
from lianqiao.core.queries import open_jobs_for
from lianqiao.core.request import Request
from lianqiao.lists.queries import is_any_list_public
from lianqiao.notices.queries import unread_for
from lianqiao.portal.demo.accounts import demo_logins
from lianqiao.registry.models import Chain, Organisation, Position, Unit
from lianqiao.registry.queries import chains_for


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    icon: str
    active: bool = False


@dataclass(frozen=True)
class Room:
    label: str
    items: list[Item] = field(default_factory=list)
    party: bool = False


def frame(request: Request) -> dict[str, Any]:
    """The context processor; nothing is asked of the database until a template needs it."""
    return {
        "frame": SimpleLazyObject(lambda: Frame(request)),
        "actor": getattr(request, "actor", Actor()),
        "demo_logins": SimpleLazyObject(first_demo_logins),
        "public_list_url": SimpleLazyObject(public_list_url),
    }


def public_list_url() -> str:
    """Where whoever has no account reads what chains made public; empty where none did."""
    return reverse("public_entries") if is_any_list_public() else ""


def first_demo_logins() -> list[tuple[str, str, str]]:
    """(login, password, role) of the first person of each role, while the demo is being served; else none."""
    first = {login.role: (login.username, login.password) for login in reversed(demo_logins())}
    return [(*first[role], str(role.label)) for role in Role if role in first]


class Frame:
    def __init__(self, request: Request) -> None:
        self.request = request
        self.actor: Actor = request.actor
        self.signed_in = self.actor.is_signed_in
        preferences = self.actor.person.preferences if self.actor.person else {}
        self.theme = preferences.get("theme", "auto")
        self.text = preferences.get("text", "normal")
        self.density = preferences.get("density", "normal")
        self.language = get_language() or "zh-hans"
        self.person_name = self.actor.name
        self.positions = [
            {"id": position.pk, "label": str(position), "current": position.pk == self.actor.position_id}
            for position in request.positions
        ]
        held = next((p for p in request.positions if p.pk == self.actor.position_id), None)
        self.position_label = str(held or "")
        self.role_label = str(held.get_role_display()) if held else ""
        self.place_label = place.label if held and (place := acts_for(held)) else ""
        self.urls = {
            "home": reverse("home"),
            "search": reverse("search") if self.signed_in else "",
            "jobs": reverse("job_list"),
            "notices": reverse("notice_list"),
            "me": reverse("me"),
            "logout": reverse("account_logout"),
            "login": reverse("account_login"),
            "licences": reverse("licences"),
            "position_switch": reverse("position_switch"),
            "set_language": reverse("set_language"),
        }

    @cached_property
    def chain_name(self) -> str:
        chains = list(chains_for(self.actor)[:2])
        if len(chains) > 1:
            return _("%(count)s 条产业链") % {"count": len(self.actor.chains)}
        return chains[0].label if chains else ""

    @cached_property
    def task_count(self) -> int:
        return open_jobs_for(self.actor).count()

    @cached_property
    def notice_count(self) -> int:
        return unread_for(self.actor).count()

    @cached_property
    def rooms(self) -> list[Room]:
        rooms = [
            Room(
                _("组织共建 · 先锋阵地"),
                self.items(
                    (pgettext("many", "党组织"), "branch_list", "flag"),
                    (pgettext("many", "产业链党组织"), "party_organisation_list", "affiliate"),
                ),
                party=True,
            ),
            Room(
                _("服务社会 · 载体平台"),
                self.items(
                    (_("三张清单"), "entry_list", "clipboard-list"),
                    (_("审核"), "review_queue", "list-check"),
                    (pgettext("many", "填报链接"), "asking_list", "link"),
                    (_("协议台账"), "agreement_list", "file-text"),
                    (pgettext("many", "单位"), "organisation_list", "building"),
                    (pgettext("many", "联系人与身份"), "position_list", "users"),
                ),
            ),
            Room(
                _("产业发展 · 动力引擎"),
                self.items(
                    (pgettext("many", "产业链"), "chain_list", "sitemap"),
                    (_("对接台"), "match_desk_list", "bulb"),
                    (pgettext("many", "对接轮次"), "round_list", "target"),
                    (pgettext("many", "对接"), "match_list", "git-branch"),
                    (_("院企结对"), "pairing_list", "affiliate"),
                    (pgettext("many", "项目"), "project_list", "briefcase"),
                    (_("双提升"), "double_improvement", "chart-line"),
                ),
            ),
            Room(
                _("管理"),
                self.items(
                    (pgettext("many", "账号"), "person_list", "user-plus"),
                    (_("登录安全"), "security", "shield"),
                    (pgettext("many", "参照表"), "reference_list", "list"),
                    (_("审计记录"), "audit_list", "history"),
                ),
            ),
        ]
        return [room for room in rooms if room.items]

    @cached_property
    def bottom(self) -> list[Item]:
        if not self.signed_in:
            return []
        return self.items(
            (_("首页"), "home", "home"),
            (pgettext("many", "清单"), "entry_list", "clipboard-list"),
            (_("说需求"), "entry_add", "plus"),
            (pgettext("many", "产业链"), "chain_list", "sitemap"),
            (_("我的"), "me", "user"),
        )

    def items(self, *wanted: tuple[str, str, str]) -> list[Item]:
        """The pages this role may read; what it cannot use is not there."""
        here = self.request.path
        shown = [
            (label, reverse(name), icon)
            for label, name, icon in wanted
            if self.actor.role in policy_of(name).read
        ]
        # A page may stand below another that is shown too; the nearest of them is where the reader is.
        above = [url for _label, url, _icon in shown if here == url or here.startswith(f"{url.rstrip('/')}/")]
        nearest = max((url for url in above if url != "/" or here == "/"), key=len, default=None)
        return [Item(label, url, icon, url == nearest) for label, url, icon in shown]


def acts_for(held: Position) -> Unit | Organisation | Chain | None:
    """A college speaks for itself; a department speaks for its organisation."""
    return held.unit if held.role == Role.COLLEGE_CONTACT else held.organisation or held.chain


@cache
def policy_of(name: str) -> Policy:
    policy: Policy = vars(resolve(reverse(name)).func)["policy"]
    return policy
