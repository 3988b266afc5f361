"""A district of 5,000 organisations, 100,000 people and 200,000 entries, made by itself from a seed.

Every title and description is its own wording: trade words by how often a trade is asked for, and in each some names
(projects, streets, people) that occur a few times only, as in real lists.
"""

import json
import random
from bisect import bisect
from datetime import datetime, timedelta
from itertools import accumulate
from types import SimpleNamespace
from typing import Any

SEED = 4


def each(text: str) -> list[str]:
    return text.split()


ORGANISATIONS, SCHOOLS, PEOPLE = 5_000, 40, 100_000
CHAINS = {"建筑产业链": 0.7, "冷链物流产业链": 0.2, "新能源产业链": 0.1}
SEGMENTS = each(
    "规划设计 勘察测绘 原料供应 部品部件 施工总承包 专业分包 装饰装修 机电安装 检测监理 造价咨询 运维管理 数字服务"
)
CATEGORIES = {
    "resource": each("阵地 师资 设备 课程 专家 资金 政策"),
    "need": each("技术 人才 培训 融资 市场 政策 党建"),
    "service": each("政策咨询 党建服务 用工服务 法律服务 其他"),
}
SHARES = {"need": 0.55, "resource": 0.3, "service": 0.15}
STATES = {
    "published": 60, "matching": 5, "submitted": 2, "returned": 3, "expired": 10, "fulfilled": 12, "withdrawn": 4,
    "draft": 3, "merged": 1,
}  # fmt: skip
TRADES = each(
    """施工 检测 幕墙 装配式 钢结构 混凝土 造价 监理 设计 劳务 安全 培训 实训 材料 设备 软件 数据
    节能 防水 机电 测量 预算 招标 审计 BIM 智能化 暖通 消防 电梯 园林 道路 桥梁 隧道 地质
    桩基 模板 脚手架 塔吊 吊装 焊接 抹灰 砌筑 涂料 石材 吊顶 门窗 照明 展厅 会议室 机房 教室
    车间 实验室 研发 专利 标准 工法 论文 成果转化 中试 认证 评价 咨询 招聘 实习 就业 学徒 订单班
    竞赛 技能鉴定 证书 讲师 教材 题库 党课 党员 支部 共建 志愿服务 宣讲 廉政 台账 冷库 仓储 配送
    包装 分拣 溯源 质检 保鲜 运输 调度 电商 直播 采购 供应链 贷款 担保 税务 会计 发票 补贴 保险
    股权 评估 合同 纠纷 仲裁 律师 商标 合规 调解 光伏 储能 充电桩 碳排放 固废 降噪 扬尘 海绵城市
    能耗 保温 屋面 外墙 无人机 激光扫描 点云 物联网 传感器 人工智能 算法 监控 云平台 碰撞检查
    三维建模 二次开发 翻译 广告 展会 短视频 公众号 品牌 策划 印刷 挖掘机 起重机 泵车 升降机 维修
    保养 配件 管道 给排水 配电 调试 巡检 苗木 沥青 路基 边坡 养护 铺装 勘察 水利"""
)
SYLLABLES = "云龙泉山鼓楼铜贾汪沛丰邳睢宁新沂博智启平恒泰金茂远大中鼎华盛瑞信安康利民永兴长虹天元文昌宏图海通嘉禾德润景明凯旋顺达正阳国强东方锦绣春晖百川千里万家同心众合汇通普惠卓越精诚诚信匠心筑梦绿源蓝天碧水青松白鹭紫荆红枫银杏玉兰石榴丹桂海棠梧桐香樟翠竹"
AFTER = each("大厦 广场 花园 学校 医院 厂房 车站 桥 公园 小区 二期 三期 仓库 示范区 综合体 产业园 展馆 道路")
NEEDS = [
    "急需{0}{1}支持",
    "{0}{1}人员紧缺",
    "寻求{0}与{1}合作",
    "解决{2}项目{0}中的{1}问题",
    "{2}{0}{1}需求",
]
OFFERS = ["提供{0}{1}服务", "{0}{1}资源开放", "可承接{2}一带{0}与{1}", "{0}{1}团队对外合作", "{0}{1}共享"]
SENTENCES = [
    "我单位在{2}承担{0}工程，涉及{1}，工期{3}个月。", "要求熟悉{0}、{1}，有{3}年以上经验。",
    "计划{3}月底前完成{0}和{1}。", "可提供{0}{1}场地{3}00平方米，位于{2}。", "希望与院校在{0}方面合作，共同{1}。",
    "主要内容包括{0}、{1}等，由{2}负责。", "每次可接待{3}0人，需提前一周预约{0}。", "{2}现有{0}设备{3}台，可用于{1}。",
]  # fmt: skip
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"


class Words:
    def __init__(self) -> None:
        self.pick = random.Random(SEED)
        self.trades = list(accumulate(1 / (place + 1) ** 0.8 for place in range(len(TRADES))))

    def trade(self) -> str:
        return TRADES[min(bisect(self.trades, self.pick.random() * self.trades[-1]), len(TRADES) - 1)]

    def name(self) -> str:
        return "".join(self.pick.choices(SYLLABLES, k=self.pick.choice((2, 3))))

    def place(self) -> str:
        return f"{self.name()}{self.pick.choice(AFTER)}"

    def fill(self, patterns: list[str]) -> str:
        parts = self.trade(), self.trade(), self.place(), self.pick.randrange(1, 10)
        return self.pick.choice(patterns).format(*parts)

    def person(self) -> str:
        return self.pick.choice(FAMILY) + "".join(self.pick.choices(SYLLABLES, k=self.pick.choice((1, 2))))

    def phone(self) -> str:
        return f"13{self.pick.randrange(10**9):09d}"

    def weighted(self, shares: dict[str, Any]) -> str:
        return self.pick.choices(list(shares), list(shares.values()))[0]


def make(entries: int) -> dict[str, Any]:
    """Fill the empty database that Django is set up for; what the load has to know of it."""
    from django.db import connection, transaction  # noqa: PLC0415 - Django is set up by then

    words = Words()
    with transaction.atomic():
        registry = registered(words)
        listed(words, registry, entries)
        logins = people(words, registry)
    with connection.cursor() as cursor:
        # What a server that runs for a while does by itself; SQLite's has never heard of it.
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    return {"logins": logins, **known(registry)}


def registered(words: Words) -> dict[str, Any]:
    from lianqiao.lists.models import Category  # noqa: PLC0415
    from lianqiao.registry.models import Chain, Membership, Organisation, PartyBranch, Segment, Unit  # noqa: PLC0415
    from lianqiao.registry.models.organisation import searchable  # noqa: PLC0415

    pick = words.pick
    kinds = ["office"] * len(CHAINS) + ["school"] * SCHOOLS
    kinds += ["enterprise"] * (ORGANISATIONS - len(kinds))
    after = {
        "office": "管理处",
        "school": "职业技术学院",
        "enterprise": "{}{}有限公司",
    }
    names: dict[str, None] = {}
    while len(names) < ORGANISATIONS:
        end = after[kinds[len(names)]].format(
            words.trade(), pick.choice(("工程", "科技", "建设", "材料", "服务"))
        )
        names[f"江苏{words.name()}{end}"] = None
    ids = put(Organisation, [
        {"name": name, "kind": kind, "business": words.fill(SENTENCES), "search_text": searchable(name)}
        for name, kind in zip(names, kinds, strict=True)
    ])  # fmt: skip
    offices, schools, firms = ids[:3], ids[3 : 3 + SCHOOLS], ids[3 + SCHOOLS :]
    chains = put(Chain, [{"name": name, "office_id": o} for name, o in zip(CHAINS, offices, strict=True)])
    units = put(Unit, [
        {"name": f"{trade}学院", "organisation_id": school}
        for school in schools for trade in pick.sample(TRADES, 8)
    ])  # fmt: skip
    segments = {
        chain: put(Segment, [
            {"chain_id": chain, "name": name, "code": f"s{n}", "column": n // 3} for n, name in enumerate(SEGMENTS)
        ])
        for chain in chains
    }  # fmt: skip
    categories = {
        (chain, kind): put(Category, [
            {"chain_id": chain, "kind": kind, "name": name, "position": n} for n, name in enumerate(of_kind)
        ])
        for chain in chains for kind, of_kind in CATEGORIES.items()
    }  # fmt: skip
    members = {chain: [*schools] for chain in chains}
    for firm in firms:
        members[pick.choices(chains, list(CHAINS.values()))[0]].append(firm)
    rows = [(chain, who) for chain, every in members.items() for who in every]
    memberships = put(
        Membership,
        [{"chain_id": chain, "organisation_id": who, "starts_on": day(900)} for chain, who in rows],
    )
    put(Membership.segments.through, [
        {"membership_id": pk, "segment_id": pick.choice(segments[chain])}
        for pk, (chain, _) in zip(memberships, rows, strict=True) if pick.random() < 0.95
    ])  # fmt: skip
    put(PartyBranch, [
        {"organisation_id": who, "name": f"第{who}党支部"} for who in firms if pick.random() < 0.8
    ])  # fmt: skip
    return {
        "chains": chains, "offices": offices, "schools": schools, "firms": firms, "units": units,
        "segments": segments, "categories": categories, "members": members,
    }  # fmt: skip


def listed(words: Words, registry: dict[str, Any], many: int) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from lianqiao.core.actor import at_the_terminal  # noqa: PLC0415
    from lianqiao.core.audit import record_many  # noqa: PLC0415
    from lianqiao.core.bulk import batched, blank  # noqa: PLC0415
    from lianqiao.lists.models import Entry  # noqa: PLC0415
    from lianqiao.lists.terms import terms_of  # noqa: PLC0415

    now, numbers, first = timezone.now(), {}, {}
    units = {school: registry["units"][n * 8 : n * 8 + 8] for n, school in enumerate(registry["schools"])}
    shares = dict(zip(registry["chains"], CHAINS.values(), strict=True))

    def row() -> dict[str, Any]:
        pick, chain, kind = words.pick, words.weighted(shares), words.weighted(SHARES)
        state = words.weighted(STATES)
        numbers[chain, kind] = number = numbers.get((chain, kind), 0) + 1
        if state == "merged" and (chain, kind) not in first:
            state = "withdrawn"
        members = registry["members"][chain]
        who = members[min(int(pick.paretovariate(0.9)) - 1, len(members) - 1)] if kind == "need" else None
        who = who or pick.choice(members if pick.random() < 0.4 else registry["schools"])
        began = now - timedelta(minutes=pick.randrange(1, 900_000))
        changed = began + (now - began) * pick.random() ** 3
        made = {
            "chain_id": chain, "kind": kind, "state": state, "number": number,
            "category_id": pick.choice(registry["categories"][chain, kind]) if pick.random() < 0.95 else None,
            "segment_id": pick.choice(registry["segments"][chain]) if pick.random() < 0.8 else None,
            "title": words.fill(NEEDS if kind == "need" else OFFERS)[:120],
            "description": "".join(words.fill(SENTENCES) for _ in range(pick.randrange(1, 6))),
            "organisation_id": who,
            "unit_id": pick.choice(units[who]) if who in units and pick.random() < 0.8 else None,
            "industries": [str(pick.choice((4710, 4720, 4811, 5011, 7481, 7482, 5930)))],
            "dimensions": pick.sample(["industry", "teaching", "research", "training", "entrepreneurship"], 2),
            "capacity": pick.randrange(1, 200) if kind != "need" else None,
            "money": pick.randrange(1, 500) * 10_000 if kind == "need" and pick.random() < 0.3 else None,
            "place": words.place() if pick.random() < 0.5 else "",
            "ends_on": day(-pick.randrange(-30, 400)) if pick.random() < 0.6 else None,
            "due_on": day(-pick.randrange(-200, 300)) if kind == "need" and pick.random() < 0.7 else None,
            "urgency": pick.choice(("low", "normal", "normal", "normal", "high")),
            "contact_name": words.person(), "contact_phone": words.phone(),
            "source": words.weighted({"form": 5, "visit": 2, "roundtable": 2, "workbook": 6, "link": 1}),
            "audience": words.weighted({"chain": 9, "public": 2, "office": 0.3}),
            "registered_by_id": who if pick.random() < 0.6 else registry["offices"][0],
            "created_at": began, "changed_at": changed, "version": 1,
        }  # fmt: skip
        made["search_text"] = terms_of(SimpleNamespace(**blank(Entry) | made))
        if state == "draft":
            return made | {"number": None}
        if state == "merged":
            made["merged_into_id"] = first[chain, kind]
        made |= {"submitted_at": began, "promised_on": (began + timedelta(days=3)).date()}
        if state == "returned":
            made["returned_reason"] = "请写明数量和时间"
        if state not in ("submitted", "withdrawn", "merged"):
            made |= {"answered_at": changed, "fresh_until": day(-pick.randrange(-5, 180))}
        if state in ("published", "matching", "fulfilled", "expired"):
            made["published_at"] = changed
        return made

    def told(some: list[dict[str, Any]], ids: list[int]) -> Any:
        for pk, each in zip(ids, some, strict=True):
            subject = Entry(id=pk, title=each["title"])
            yield subject, None, {"title": each["title"], "state": "submitted"}
            yield subject, {"state": "submitted"}, {"state": each["state"]}

    for some in batched((row() for _ in range(many)), 5_000):
        ids = put(Entry, some)
        for pk, each in zip(ids, some, strict=True):
            first.setdefault((each["chain_id"], each["kind"]), pk)
        record_many(at_the_terminal("bench"), "lists.publish", told(some, ids))


def put(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    from django.utils import timezone  # noqa: PLC0415

    from lianqiao.core.bulk import blank, insert_rows, new_ids  # noqa: PLC0415

    now = {name: timezone.now() for name in ("created_at", "changed_at") if hasattr(model, name)}
    empty, ids = blank(model) | now, new_ids(model, len(rows))
    insert_rows(model, ({**empty, **row, "id": pk} for pk, row in zip(ids, rows, strict=True)))
    return ids


def people(words: Words, registry: dict[str, Any]) -> dict[str, str]:
    """Most are students, some speak for an organisation. Role -> the session of somebody who is logged in."""
    from django.test import Client  # noqa: PLC0415

    from lianqiao.accounts.models import Person  # noqa: PLC0415
    from lianqiao.registry.models import Position  # noqa: PLC0415

    pick, main, office = words.pick, registry["chains"][0], registry["offices"][0]
    school, college = registry["schools"][0], registry["units"][0]
    logged_in: dict[str, dict[str, Any]] = {
        "office_admin": {"chain_id": main, "organisation_id": office},
        "leader": {},
        "liaison": {"chain_id": main, "organisation_id": office},
        "enterprise_contact": {"organisation_id": registry["members"][main][SCHOOLS + 2]},
        "college_contact": {"organisation_id": school, "unit_id": college},
        "auditor": {},
    }
    held: list[dict[str, Any]] = [{"role": role, **where} for role, where in logged_in.items()]
    while len(held) < PEOPLE:
        if pick.random() < 0.15:
            held.append({"role": "enterprise_contact", "organisation_id": pick.choice(registry["firms"])})
        else:
            held.append(
                {"role": "student", "organisation_id": pick.choice(registry["schools"]), "chain_id": main}
            )
    ids = put(Person, [
        {"username": f"p{n}", "name": words.person(), "state": "active", "password": "!", "phone": f"139{n:08d}"}
        for n in range(len(held))
    ])  # fmt: skip
    positions = put(
        Position,
        [{"person_id": pk, "starts_on": day(500), **each} for pk, each in zip(ids, held, strict=True)],
    )
    sessions = {}
    for pk, position, role in zip(ids, positions, logged_in, strict=False):
        client = Client()
        client.force_login(Person.objects.get(pk=pk), backend="lianqiao.accounts.login.NameOrPhone")
        session = client.session
        session["position"] = position
        session.save()
        sessions[role] = session.session_key
    return sessions


def known(registry: dict[str, Any]) -> dict[str, Any]:
    """Ids that addresses need."""
    from lianqiao.lists.models import Entry  # noqa: PLC0415

    main = registry["chains"][0]
    rows = Entry.objects.filter(chain=main, state="published", audience="chain")
    return {
        "entries": list(rows.order_by("?").values_list("pk", flat=True)[:500]),
        "categories": registry["categories"][main, "need"],
        "segments": registry["segments"][main],
        "organisations": registry["members"][main][:: len(registry["members"][main]) // 200],
        "largest": registry["members"][main][0],
    }


def day(ago: int) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    return timezone.localdate() - timedelta(days=ago)


def main(entries: int, file: str) -> None:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    began = datetime.now().astimezone()
    facts = make(entries)
    facts["seconds"] = (datetime.now().astimezone() - began).total_seconds()
    with open(file, "w", encoding="utf-8") as out:
        json.dump(facts, out)
