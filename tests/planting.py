"""Marked words in every private field of two stories on one chain, each between an enterprise and a college of its own."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from lianqiao.agreements.actions.editing import write_clauses
from lianqiao.agreements.actions.keeping import dispute, keep
from lianqiao.agreements.actions.moves import abandon, end_early, send
from lianqiao.agreements.actions.reviewing import answer_remark, remark
from lianqiao.agreements.actions.signing import add_scan, file_paper, note_signature, void_signature
from lianqiao.agreements.models import AgreementTemplate, Clause, ObligationDate
from lianqiao.agreements.queries import last_version, live_signatures, parties_of
from lianqiao.core.actor import PUBLIC, Actor, Role
from lianqiao.core.jobs import run_queued
from lianqiao.insight.models import Briefing, FigureValue
from lianqiao.lists.models import Wish
from lianqiao.matching.actions.answering import make_match_link
from lianqiao.matching.actions.matches import decline, rescope
from lianqiao.matching.actions.pairings import decline_pairing, end_pairing
from lianqiao.matching.models import Adjustment, Dismissal, Match, Side, Weighting
from lianqiao.matching.policy import Wish as Rule
from lianqiao.projects.actions.claims import give_up
from lianqiao.projects.actions.kinds import begin_kinds
from lianqiao.projects.actions.moves import decline_asking, deliver, send_back
from lianqiao.projects.actions.outcomes import dispute_outcome
from lianqiao.registry.models import Position
from tests import factories as make
from tests.agreements import rows as agreements
from tests.matching.lists import ASKED, OFFERED
from tests.projects.rows import SYSTEM, Place, Scene, fresh

# Stands at the beginning of every mark, and is what is searched for: a box repeats what was typed, a hit says more.
SIGN = "龘"
# As they are kept, and as they are told: 91.8.
SCORES = {"甲": 0.918273, "乙": 0.827364}


class World:
    """Who is there. `firm` and `college` have the first story, `rival` and `academy` the second."""

    def __init__(self) -> None:
        self.chain = chain = make.chain(name="建筑产业链")
        begin_kinds(chain, by=SYSTEM)
        self.party = agreements.party_organisation(chain)
        schools = [make.member(chain, name, kind="school") for name in ("第一职业学院", "第二职业学院")]
        firms = [make.member(chain, name) for name in ("甲建设公司", "乙建设公司")]
        units = [make.unit(schools[0], "建造学院"), make.unit(schools[1], "管理学院")]
        sister = make.unit(schools[0], "装饰学院")

        def contact(of: Any) -> Position:
            return make.position(Role.ENTERPRISE_CONTACT, chain, organisation=of)

        def teacher(of: Any) -> Position:
            return make.position(Role.COLLEGE_CONTACT, chain, organisation=of.organisation, unit=of)

        def coordinator(of: Any) -> Position:
            return make.position(Role.SCHOOL_COORDINATOR, chain, organisation=of)

        self.held: dict[str, Position | None] = {
            "office": make.position(Role.OFFICE_ADMIN, chain), "auditor": make.position(Role.AUDITOR, chain),
            "leader": make.position(Role.LEADER, chain), "liaison": make.position(Role.LIAISON, chain),
            "firm": contact(firms[0]), "rival": contact(firms[1]), "stranger": make.position(Role.ENTERPRISE_CONTACT, chain),
            "college": teacher(units[0]), "sister": teacher(sister), "coordinator": coordinator(schools[0]),
            "academy": teacher(units[1]), "principal": coordinator(schools[1]),
            "student": make.position(Role.STUDENT, chain), "mentor": make.position(Role.MENTOR, chain),
            "other office": make.position(Role.OFFICE_ADMIN), "administrator": make.position(Role.SYSTEM_ADMIN),
            PUBLIC: None,
        }  # fmt: skip
        self.office = make.actor_of(self.held["office"])
        self.rows: dict[str, list[Any]] = {}
        self.plan(*firms)
        for number, names in enumerate((("firm", "college", "sister"), ("rival", "academy", "stranger"))):
            firm, college, third = (place(self.held[name]) for name in names)
            Story(self, "甲乙"[number], firm, college, third).tell()

    def plan(self, *firms: Any) -> None:
        """A round that was run, with what the office decided about each of the two and keeps to itself."""
        giver = make.member(self.chain, "计划中的学院", kind="school")
        for title, text in [row[1:] for row in OFFERED.values()]:
            make.entry("resource", self.chain, organisation=giver, title=title, description=text, capacity=1)
        others = [*firms, make.member(self.chain)]
        for firm, (title, text) in zip(others, ASKED.values(), strict=True):
            make.entry("need", self.chain, organisation=firm, title=title, description=text)
        rules = tuple(
            Rule(
                kind="never",
                reason=f"{SIGN}{'甲乙'[n]}轮次规则",
                enterprise=firm.pk,
                organisation=self.chain.office_id,
            )
            for n, firm in enumerate(firms)
        )
        row = self.keep(make.held_round(self.chain, self.office, wishes=rules))
        # A job waits for its transaction, which ends with the module.
        run_queued.call_local(row.job_id)
        row.refresh_from_db()
        for name, planned in zip(
            "甲乙", row.matches.filter(enterprise__in=firms).order_by("pk"), strict=True
        ):
            planned.score = SCORES[name]
            planned.save()
            Adjustment.objects.create(
                round=row, need=planned.need, given=planned.offer, reason=f"{SIGN}{name}调整理由", made_at=timezone.now(), by_label="王静",
                consequences={"before": 1.0, "after": 1.0, "losers": []},
            )  # fmt: skip

    def keep(self, row: Any) -> Any:
        self.rows.setdefault(row._meta.model_name, []).append(row)
        return row


def place(held: Position) -> Place:
    return Place(held.organisation, held.unit, held)


class Story(Scene):
    """What one enterprise and one college have with each other; a third place wants the project too."""

    def __init__(self, world: World, name: str, firm: Place, college: Place, third: Place) -> None:
        self.world, self.name, self.chain = world, name, world.chain
        self.firm, self.college, self.third = firm, college, third
        self.now = timezone.now()

    def mark(self, what: str) -> str:
        return f"{SIGN}{self.name}{what}"

    @property
    def office(self) -> Actor:
        return self.world.office

    def tell(self) -> None:
        self.talk()
        self.agree()
        self.work()
        self.count()

    def lists(self, what: str) -> tuple[Any, Any]:
        need = make.entry(
            "need",
            self.chain,
            organisation=self.firm.organisation,
            title=f"需求{self.name}{what}",
            contact_name=self.mark(f"需方{what}"),
        )
        offer = make.entry(
            "resource", self.chain, organisation=self.college.organisation, unit=self.college.unit, title=f"资源{self.name}{what}",
            contact_name=self.mark(f"供方{what}"), capacity=9,
        )  # fmt: skip
        return self.world.keep(need), self.world.keep(offer)

    def match(self, what: str, **facts: Any) -> Match:
        return self.world.keep(make.match(*self.lists(what), score=SCORES[self.name], rank=1, **facts))

    def talk(self) -> None:
        firm, college, now = self.firm.actor, self.college.actor, self.now
        rescope(self.match("在谈"), by=firm, now=now, scope=self.mark("方案"), note=self.mark("方案说明"))
        decline(self.match("需方谢绝的"), by=firm, now=now, reason="cost", note=self.mark("需方谢绝"))
        decline(self.match("供方谢绝的"), by=college, now=now, reason="cost", note=self.mark("供方谢绝"))
        asked = self.match("有链接的", offer_said="accept")
        make_match_link(asked, Side.NEED, days=9, ask=self.mark("咨询人"), by=self.office, now=now)
        need, gone = asked.need, make.entry("resource", self.chain, title=f"{self.name}不合适的")
        Dismissal.objects.create(entry=need, other=gone, reason="place", for_good=True, at=now)
        Wish.objects.create(entry=need, organisation=gone.organisation, kind="never")
        sides = {
            "giver": self.college.organisation,
            "unit": self.college.unit,
            "enterprise": self.firm.organisation,
        }
        declined = self.world.keep(make.pairing(self.chain, **sides))
        decline_pairing(declined, by=firm, reason=self.mark("不结对"))
        ended = self.world.keep(make.pairing(self.chain, state="confirmed", **sides))
        end_pairing(ended, by=firm, now=now, reason=self.mark("结对结束"))
        self.world.keep(
            Weighting.objects.create(
                chain=self.chain, weights={"officially": 0.4}, proposed_at=now,
                evidence={"replay": [{"round": self.mark("学习依据"), "lost": [], "won": [], "changed": 0, "up": 0, "down": 0, "same": 0}]},
            )
        )  # fmt: skip

    def agree(self) -> None:
        pair = self.world.keep(
            agreements.pairing(
                self.chain, self.college.organisation, self.college.unit, self.firm.organisation
            )
        )
        agreements.match(pair, self.mark("已成方案"), score=0.645546)
        now, keep_row = self.now, self.world.keep
        draft = keep_row(agreements.drafted(pair, "other", title=self.mark("草稿名")))
        self.write(draft, "草稿条款")
        abandon(draft, by=SYSTEM, reason=self.mark("作废原因"))
        review = keep_row(agreements.drafted(pair, "mentoring", title=self.mark("送审名")))
        self.write(review, "送审条款")
        agreements.fill(
            review,
            导师=self.mark("导师"),
            学员=self.mark("学员"),
            培养方向=self.mark("培养方向"),
        )
        review = send(fresh(review), by=SYSTEM, now=now)
        party = next(one for one in parties_of(review) if one.organisation_id == self.firm.organisation.pk)
        type(party).objects.filter(pk=party.pk).update(
            represented_by=self.mark("代表"), liaison=self.mark("联络人")
        )
        said = keep_row(remark(review, party, by=self.firm.actor, now=now, clause="", text=self.mark("意见")))
        answer_remark(said, by=self.office, state="left", answer=self.mark("意见答复"))
        self.signed(pair)
        keep_row(
            AgreementTemplate.objects.create(
                chain=self.chain,
                kind="other",
                name=self.mark("模板"),
                file=ContentFile(b"PK", "x.docx"),
                sha256=self.name,
            )
        )
        keep_row(
            Clause.objects.create(
                chain=self.chain,
                kind="other",
                key=f"own{len(self.world.rows)}",
                text=self.mark("条款库"),
                title=self.mark("条款库"),
            )
        )

    def write(self, row: Any, what: str) -> None:
        version = last_version(row)
        extra = {
            "key": "own",
            "title": "其他",
            "text": self.mark(what),
            "obligation": {"what": self.mark(f"{what}约定"), "times": 1, "every": "once", "by": 0},
        }
        write_clauses(row, [*version.clauses, extra], by=SYSTEM, note=self.mark(f"{what}说明"))

    def signed(self, pair: Any) -> None:
        now, today = self.now, make.today()
        row = self.world.keep(
            agreements.drafted(
                pair,
                title=self.mark("协议名"),
                starts_on=today - timedelta(days=9),
                ends_on=today + timedelta(days=400),
            )
        )
        self.write(row, "协议条款")
        send(fresh(row), by=SYSTEM, now=now)
        agreements.agree_all(row)
        first, *others = parties_of(row)
        note_signature(first, by=SYSTEM, now=now, signed_on=today, signer=self.mark("误签人"))
        void_signature(
            live_signatures(last_version(row)).get(), by=SYSTEM, now=now, reason=self.mark("误签原因")
        )
        for party in (first, *others):
            note_signature(party, by=SYSTEM, now=now, signed_on=today, signer=self.mark("签字人"))
        self.world.keep(
            add_scan(
                last_version(row),
                by=SYSTEM,
                now=now,
                name=f"{self.mark('扫描件')}.pdf",
                content=b"%PDF-1.7 " + self.name.encode(),
            )
        )
        file_paper(fresh(row), by=SYSTEM, filed_at=self.mark("档案柜"))
        date = ObligationDate.objects.filter(
            obligation__agreement=row, obligation__what=self.mark("协议条款约定")
        ).first()
        keep(date, by=self.firm.actor, now=now, done_on=today, note=self.mark("履行情况"))
        self.world.keep(dispute(date, by=self.college.actor, objection=self.mark("履约异议")))
        end_early(fresh(row), by=SYSTEM, ended_on=today, reason=self.mark("终止原因"))

    def work(self) -> None:
        keep_row, now = self.world.keep, self.now
        project = keep_row(
            self.working(by=self.college, sponsor=self.firm.organisation, title=f"共建{self.name}")
        )
        held = project.claims.get()
        type(held).objects.filter(pk=held.pk).update(plan=self.mark("承接计划"))
        keep_row(held)
        left = keep_row(self.claimed(project, self.third, self.mark("退出计划")))
        give_up(left, by=self.third.actor, now=now, reason=self.mark("退出原因"))
        keep_row(self.note(project, self.mark("工作记录")))
        keep_row(self.evidence(project, title=self.mark("佐证名"), code=self.mark("佐证编号")))
        keep_row(self.milestone(project, -1, title=self.mark("节点")))
        outcome = keep_row(self.outcome(project, description=self.mark("成果说明"), amount="7361"))
        dispute_outcome(outcome, by=self.firm.actor, reason=self.mark("成果异议"))
        deliver(fresh(project), by=self.college.actor, now=now)
        send_back(fresh(project), by=self.firm.actor, reason=self.mark("退回原因"))
        asked = {
            "asked": self.college.organisation,
            "asked_unit": self.college.unit,
            "sponsor": self.firm.organisation,
        }
        keep_row(self.open(title=self.mark("待答复项目"), **asked))
        declined = keep_row(self.open(title=self.mark("被谢绝项目"), **asked))
        decline_asking(declined, by=self.college.actor, reason=self.mark("项目谢绝原因"))
        keep_row(self.draft(title=self.mark("项目草稿"), sponsor=self.firm.organisation))

    def count(self) -> None:
        today = make.today()
        self.world.keep(
            Briefing.objects.create(
                chain=self.chain, every="month", first=today, last=today, title=self.mark("简报名"), made_at=self.now,
                content=self.mark("简报正文").encode(), sha256=self.name, by_label="王静",
            )
        )  # fmt: skip
        FigureValue.objects.create(
            chain=self.chain, code="needs", day=today - timedelta(days="甲乙".index(self.name) + 1), value=1, noted_at=self.now,
            parts=[{"name": self.mark("指标分项"), "value": 1}],
        )  # fmt: skip
