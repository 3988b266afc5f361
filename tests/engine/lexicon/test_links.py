import re
from collections import Counter
from collections.abc import Callable, Iterable

from lianqiao_engine.lexicon import Concept, concepts
from lianqiao_engine.lexicon.links import LINKS

# Words of every trade: alone they would link everything with everything.
TOO_GENERAL = frozenset(
    """
    设备 操作 管理 技术 生产 维护 检测 设计 质量 安全 工程 服务 维修 运行 制造 加工 系统 材料 产品 项目 分析 应用 基础
    概论 原理 实训 实习 实务 控制 安装 调试 检验 检查 工艺 运营 经营 方案 测试 开发 数据 信息 智能 数字化 信息化 组织
    企业 行业 职业 专业 课程 人员 员工 工人 技工 技师 技术员 工程师 管理员 操作工 操作员 工具 机器 标准 规范 监控 保养
    整理 清洗 压力 流量 值班 收费 预警 验证 成型 缺陷 观测 提取 拆装 组装 样品 抽检 园区 窗口 现场 比赛
    混合 清理 回应 发布 采样 取样 抽样 托管 剪切 流程 行程 客户 满意度 粉碎 冷却 干燥 过滤
    咨询 采集 装配 装置 试验 诊断 训练 推广 维护保养 新技术 平台 移动 修理 检修 保管 布置 登记 指标 审核 复核 调配 素材
    巡检 鉴定 运维 配件 指挥 技术指导 检测仪器 监控系统
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
# Words of the law and of every contract, whatever the trade.
OF_THE_LAW = frozenset(
    """
    侵权 担保 违约 违法 犯罪 纠纷 证据 征收 出租 抵押 还款 逾期 清算 资金 凭证 财产 行政 政府 公益 合伙 分割 冻结 吸收 时效
    """.split()  # noqa: SIM905 - as above
)
# They stand across the words of ordinary sentences: 使用工具, 技术标准, 编写生产计划, 汽车电器.
ACROSS_WORDS = frozenset({"用工", "技术标", "写生", "车电", "车机", "定检", "机工"})
CODE = re.compile(r"[A-T]|\d{2,4}")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def repeated(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def words_that(wrong: Callable[[str], bool]) -> list[tuple[str, str]]:
    return [(one.name, word) for one in concepts() for word in one.work + one.study if wrong(word)]


def too_long(words: Iterable[str], longest: int) -> list[str]:
    return [word for word in words if CHINESE.fullmatch(word) and len(word) > longest]


def test_links_each_line_is_a_comment_or_has_four_columns():
    lines = LINKS.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("#")
    assert [line for line in lines if not line.startswith("#") and line.count("\t") != 3] == []


def test_concepts_are_read_with_their_words_and_industries():
    by_name = {one.name: one for one in concepts()}

    masonry = by_name["砌筑与混凝土施工"]

    assert isinstance(masonry, Concept)
    assert "砌筑工" in masonry.work
    assert "建筑工程施工" in masonry.study
    assert "47" in masonry.industries


def test_concepts_have_names_of_their_own():
    assert repeated(one.name for one in concepts()) == []


def test_concepts_have_words_of_work_and_words_of_study():
    assert [one.name for one in concepts() if not (one.work and one.study)] == []


def test_concepts_hold_no_word_twice():
    assert {one.name: twice for one in concepts() if (twice := repeated(one.work + one.study))} == {}


def test_words_are_neither_letters_nor_sentences():
    assert words_that(lambda word: len(word) < 2) == []
    assert {one.name: long for one in concepts() if (long := too_long(one.work, 10))} == {}
    assert {one.name: long for one in concepts() if (long := too_long(one.study, 12))} == {}


def test_words_that_fit_every_field_stand_in_none():
    assert words_that((TOO_GENERAL | OF_THE_LAW | ACROSS_WORDS).__contains__) == []


def test_industries_look_like_codes():
    assert [
        (one.name, code) for one in concepts() for code in one.industries if not CODE.fullmatch(code)
    ] == []
