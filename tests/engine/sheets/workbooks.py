"""Workbooks as other offices would keep them: for each, what a person says its columns are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import xlsxwriter


@dataclass
class Page:
    """A sheet: rows from the first, cells merged as (first row, first column, last row, last column, text)."""

    name: str
    rows: Sequence[Sequence[object]]
    merged: Sequence[tuple[int, int, int, int, str]] = ()
    hidden: bool = False
    keys: str = ""  # what the columns are, a dot for one that is nothing of ours


@dataclass
class Sample:
    title: str
    pages: list[Page]
    lines: int
    kinds: Sequence[str] = field(default_factory=list)


def write(path: Path, pages: Sequence[Page]) -> Path:
    """Write an .xlsx; a date becomes a date cell, a pair a formula with its value."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for page in pages:
            sheet = book.add_worksheet(page.name)
            if page.hidden:
                sheet.hide()
            for r, row in enumerate(page.rows):
                for c, cell in enumerate(row):
                    _write(sheet, r, c, cell, day)
            for r0, c0, r1, c1, text in page.merged:
                sheet.merge_range(r0, c0, r1, c1, text)
    return path


def _write(sheet, r, c, cell, day) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(r, c, cell, day)
    elif isinstance(cell, tuple):
        sheet.write_formula(r, c, cell[0], None, cell[1])
    elif isinstance(cell, int | float):
        sheet.write_number(r, c, cell)
    elif cell:
        sheet.write_string(r, c, cell)


def of(text: str) -> list[str]:
    """Split a row that is written with | between its cells."""
    return [cell.strip() for cell in text.split("|")]


DAY = date(2024, 10, 24)
SAMPLES: list[Sample] = []


def sample(make: Callable[[], tuple[list[Page], int, Sequence[str]]]) -> None:
    pages, lines, kinds = make()
    SAMPLES.append(Sample(make.__name__, pages, lines, kinds))


@sample
def the_default_workbook():
    return [
        Page("资源清单", [
            of("序号|提供单位|资源类别|资源名称|内容说明|可用时段|容量/次数|适用对象|条件与费用|联系人|联系电话|有效期|备注"),
            [1, "装饰学院", "师资", "幕墙设计教师", "可下企业指导", "周三下午", "每学期2次", "装饰企业", "免费", "张三", 13800000000, DAY, ""],
        ], keys="number provider category name content when capacity audience conditions contact phone valid_until note"),
        Page("服务清单", [
            of("序号|责任单位|服务事项|服务内容|服务对象|办理方式|时限|次数上限|联系人|联系电话|有效期"),
            of("1|人社局|专场招聘|每月一场|企业|窗口|3个工作日|12|李四|0516-83995000|长期"),
        ], keys="number provider name content audience how time_limit capacity contact phone valid_until"),
        Page("需求清单", [
            of("序号|企业名称|链上环节|需求类别|需求描述|紧急程度|期望完成时间|期望合作方式|可投入(万元/人)|联系人|联系电话|来源|收集人|收集日期|承接单位|对接进展|办理结果|满意度"),
            of("1|甲建筑公司|施工|人才|需要造价员3名|急|年底前|联合培养|20万元、3人|赵六|13800000001|走访|钱七|10月12日||||"),
        ], keys="number enterprise segment category content urgency due cooperation offered contact phone source collector collected_on taken_by progress result satisfaction"),
    ], 3, ["resource", "service", "need"]  # fmt: skip


@sample
def the_sheet_of_a_matching_event():
    heads = "所有分类名称|需求分类名称|需求子类名称|活动主题|需求主题|需求简介|需求内容|发布时间|截止时间|发布单位名称|发布单位概述|发布人姓名|发布人电话|发布人邮箱|省份名称|市区名称|预算金额|参考地址|来源链接"
    row = "技术/材料|技术需求|材料|秋季对接会|耐候胶配方|配方优化|现有耐候胶老化快，需优化配方|2024-09-01 08:00:00|2024年12月31日|乙材料公司|做胶的|王五|13900000000|a@b.cn|江苏省||30万元|徐州|https://example.cn/1"
    return [Page("Sheet1", [of(heads), of(row)], keys="all_categories category subcategory event name summary content published_on valid_until enterprise business contact phone email province city offered address link")], 1, ["need"]  # fmt: skip


@sample
def a_title_and_notes_above_and_a_total_below():
    return [Page("Sheet1", [
        [], ["填报单位：某某区工信局", "", "", "", "", "填报日期：2024年10月"],
        of("序号|需求单位|所属行业|需求类型|需求内容|拟投入资金（万元）|联系人|手机号码"),
        of("1|甲公司|建筑业|技术|幕墙节能改造方案|50|张三|13800000000"),
        of("2|乙公司|建筑业|人才|引进BIM工程师2名|20|李四|13800000001"),
        of("合计||||2|70||"),
        ["注：本表一式两份，请于10月底前报送。"],
    ], merged=[(0, 0, 0, 7, "2024年企业需求征集表")], keys="number enterprise industry category content offered contact phone")], 2, ["need"]  # fmt: skip


@sample
def a_head_of_two_rows_with_merged_cells():
    return [Page("企业需求表", [
        of("序号|企业名称|需求|||联系人||期望完成时间"),
        of("||类别|描述|紧急程度|姓名|电话|"),
        of("1|甲公司|技术|需要外墙保温做法|一般|张三|13800000000|2025年3月"),
    ], merged=[(0, 0, 1, 0, "序号"), (0, 1, 1, 1, "企业名称"), (0, 2, 0, 4, "需求"), (0, 5, 0, 6, "联系人"), (0, 7, 1, 7, "期望完成时间")],
    keys="number enterprise category content urgency contact phone due")], 1, ["need"]  # fmt: skip


@sample
def a_head_of_two_rows_that_lost_its_merges():
    return [Page("资源", [
        of("序号|基本情况|||联系方式||备注"),
        of("|提供单位|资源名称|资源内容|联系人|手机|"),
        of("1|建造学院|实训基地|砌筑与钢筋实训，可容纳40人|王五|13800000002|"),
        of("2|建造学院|检测设备|混凝土检测设备|王五|13800000002|"),
    ], keys="number provider name content contact phone note")], 2, ["resource"]  # fmt: skip


@sample
def merged_providers_over_several_rows():
    return [Page("供给清单", [
        of("序号|单位名称|类别|供给名称|具体内容|联系人|电话"),
        of("1||师资|造价教师|工程量清单编制|赵六|83995000"),
        of("2||设备|全站仪|可借用|赵六|83995000"),
        of("3||课程|BIM课程|32学时|赵六|83995000"),
    ], merged=[(1, 1, 3, 1, "经管学院")], keys="number provider category name content contact phone")], 3, ["resource"]  # fmt: skip


@sample
def numbering_restarts_and_the_head_comes_again():
    head = of("序号|企业名称|需求描述|联系电话")
    return [Page("需求", [
        head, of("1|甲公司|需要一级建造师|13800000000"), of("2|乙公司|需要劳务班组|13800000001"),
        ["二、装饰企业"], head, of("1|丙公司|需要设计师|13800000002"),
    ], keys="number enterprise content phone")], 3, ["need"]  # fmt: skip


@sample
def two_lists_on_one_sheet():
    return [Page("清单", [
        of("序号|提供单位|资源名称|资源内容|容量"), of("1|装饰学院|展厅|材料展厅|50人"),
        [], of("序号|企业名称|需求描述|紧急程度|期望完成时间"), of("1|甲公司|需要展厅设计|急|11月底"),
    ], keys="number provider name content capacity")], 2, ["resource", "need"]  # fmt: skip


@sample
def one_sheet_with_a_column_of_kinds():
    return [Page("汇总", [
        of("编号|类型|单位名称|名称|内容|联系人|联系方式"),
        of("1|资源|装饰学院|教师|设计指导|张三|13800000000"),
        of("2|需求|甲公司|设计|展厅设计|李四|13800000001"),
        of("3|服务|人社局|招聘|专场招聘|王五|13800000002"),
    ], keys="number kind enterprise name content contact phone")], 3, [None]  # fmt: skip


@sample
def traditional_characters_and_full_width():
    return [Page("需求清單", [
        of("序號|企業名稱|產業鏈環節|需求類別|需求描述|期望完成時間|聯繫人|聯繫電話"),
        of("１|甲建築公司|施工|人才|需要造價員３名|２０２４年１２月３１日|張三|１３８００００００００"),
    ], keys="number enterprise segment category content due contact phone")], 1, ["need"]  # fmt: skip


@sample
def a_hidden_draft_beside_the_list():
    rows = [of("序号|服务名称|服务内容|服务单位|收费标准"), of("1|体检|职工体检|医院|免费")]
    return [Page("服务清单", rows, keys="number name content provider conditions"), Page("草稿", rows, hidden=True)], 1, ["service", None]  # fmt: skip


@sample
def only_a_hidden_sheet_beside_an_empty_one():
    rows = [of("序号|服务名称|服务内容|服务单位"), of("1|体检|职工体检|医院")]
    return [Page("封面", []), Page("服务项目", rows, hidden=True, keys="number name content provider")], 1, ["service"]  # fmt: skip


@sample
def formulas_and_numbers_as_text():
    return [Page("需求", [
        of("序号|公司名称|需求名称|需求说明|预算（元）|提出日期"),
        [("=ROW()-1", 1), "甲公司", ('="BIM"&"咨询"', "BIM咨询"), "建模", "356000", "45589"],
    ], keys="number enterprise name content offered collected_on")], 1, ["need"]  # fmt: skip


@sample
def heads_with_stars_numbers_and_line_breaks():
    return [Page("揭榜挂帅榜单", [
        ["*序号", "*企业\n名称（全称）", "1.技术难题", "2.具体描述", "3.拟投入经费\n（万元）", "联系人（必填）", "联系电话【手机】", "完成时限"],
        of("1|甲公司|超高层混凝土泵送|泵送高度不足|100|张三|13800000000|2025年底"),
    ], keys="number enterprise name content offered contact phone due")], 1, ["need"]  # fmt: skip


@sample
def teachers_who_may_go_to_enterprises():
    return [Page("师资库", [
        of("序号|学院|姓名|职称|专业|研究方向|可提供服务|手机号"),
        of("1|建造学院|王五|副教授|建筑工程技术|装配式|施工组织指导、培训|13800000000"),
    ], keys="number provider contact . majors . content phone")], 1, ["resource"]  # fmt: skip


@sample
def places_for_activities():
    return [Page("党群阵地", [
        of("序号|阵地名称|所属单位|地址|面积（平方米）|可容纳人数|开放时间|预约方式|联系人及电话"),
        of("1|匠心讲坛|食品城党委|徐州市云龙区|200|约120人|周一至周五|电话预约|张三 0516-83995000"),
    ], keys="number name provider address . capacity when how contact")], 1, ["resource"]  # fmt: skip


@sample
def what_employers_look_for():
    return [Page("用工需求", [
        of("序号|用人单位|岗位名称|招聘人数|专业要求|岗位描述|薪资待遇|工作地点|联系人|联系电话|截止日期"),
        of("1|甲公司|造价员|3|工程造价、工程管理|编制清单|6-8千元|徐州|张三|13800000000|2024.12.31"),
    ], keys="number enterprise name headcount majors content offered address contact phone valid_until")], 1, ["need"]  # fmt: skip


@sample
def visits_to_enterprises():
    return [Page("走访企业诉求", [
        of("编号|走访时间|走访人员|企业名称|所属镇街|主营业务|诉求类型|诉求内容|责任单位|办理情况|办结时限|企业是否满意"),
        of("1|9月12日|钱七|甲公司|黄山街道|建筑劳务|融资|流动资金紧张|金融办|办理中|10月底|"),
    ], keys="number collected_on collector enterprise district business category content taken_by progress due satisfaction")], 1, ["need"]  # fmt: skip


@sample
def services_of_a_bureau():
    return [Page("惠企服务事项", [
        of("序号|事项名称|服务内容|服务对象|责任部门|办理流程|承诺时限|咨询电话|收费情况"),
        of("1|稳岗返还|返还失业保险费|参保企业|人社局|网上申请|10个工作日|12333|不收费"),
    ], keys="number name content audience provider how time_limit phone conditions")], 1, ["service"]  # fmt: skip


@sample
def results_that_a_college_offers():
    return [Page("科技成果", [
        of("序号|成果名称|成果简介|完成单位|技术领域|合作方式|负责人|电子邮箱|联系方式"),
        of("1|再生骨料|用建筑垃圾制骨料|建造学院|建筑材料|转让、许可|王五|w@x.edu.cn|0516 83995000"),
    ], keys="number name summary provider industry cooperation contact email phone")], 1, ["resource"]  # fmt: skip


@sample
def wishes_about_partners():
    return [Page("需求清单", [
        of("企业名称|经营范围|需求描述|需对接数量|不对接|指定对接|合作过的单位|区县"),
        of("甲公司|工程咨询|联合培养造价人才|1-2|乙大学、丙学院|经管学院|丁学院；戊学院|云龙区"),
    ], keys="enterprise business content partners_wanted never must earlier district")], 1, ["need"]  # fmt: skip


@sample
def a_table_that_begins_at_c5():
    empty: list[list[str]] = [[] for _ in range(4)]
    return [Page("资源", [
        *empty, ["", "", *of("资源名称|资源类型|提供方|数量|有效期至")], ["", "", *of("无人机|设备|测绘学院|2台|2025-6-30")],
    ], keys="name category provider capacity valid_until")], 1, ["resource"]  # fmt: skip


@sample
def two_columns_without_heads():
    return [Page("需求清单", [
        of("序号|企业名称|需求描述||"),
        of("1|甲公司|需要造价员|13800000000|a@b.cn"), of("2|乙公司|需要设计师|13800000001|c@d.cn"),
        of("3|丙公司|需要施工员|0516-83995000|e@f.cn"),
    ], keys="number enterprise content phone email")], 3, ["need"]  # fmt: skip


@sample
def template_rows_that_nobody_filled_in():
    return [Page("需求清单", [
        of("序号|企业名称|需求描述|紧急程度"), of("1|甲公司|需要造价员|急"), *[[n] for n in range(2, 30)],
    ], keys="number enterprise content urgency")], 1, ["need"]  # fmt: skip
