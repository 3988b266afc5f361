"""What is wrong with a cell, in words; and what the fields of a workbook are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.lists.imports.changes import FIELDS
from lianqiao.lists.imports.places import CODED
from lianqiao.lists.models import Entry

REASONS: dict[str, str | Promise] = {
    "no content": _("这一行没有名称，也没有内容。"),
    "row kind unknown": _("无法判断这一行是资源、服务还是需求。"),
    "damaged text": _("文字已损坏，请从原文重新复制。"),
    "repaired text": _("文字编码不对，已自动修复，请核对。"),
    "bad text": _("含有不可见或无法识别的字符，请删去后重新填写。"),
    "not said": _("填写的是“待定”一类内容，已留空。"),
    "unit assumed": _("没有写单位，按表头或按元计，请核对。"),
    "range": _("填写的是范围，只取其中一个数。"),
    "shared by rows": _("合并单元格中的数只计入第一行。"),
    "no number": _("不是数字，已留空。"),
    "not whole": _("应为整数。"),
    "negative": _("不能是负数。"),
    "several values": _("有多个数，无法判断是哪一个。"),
    "other unit": _("不是人民币金额，也不是人数。"),
    "reversed": _("结束早于开始。"),
    "past": _("日期已过，请核对年份，或改为今后的日期。"),
    "no date": _("无法识别日期，已留空。"),
    "no such day": _("日期不存在。"),
    "ambiguous": _("日期有两种读法，请写成 2024-10-24。"),
    "no phone": _("不是电话号码，已留空。"),
    "digits lost": _("电话号码变成了科学计数，末几位已丢失，请把这一列设为文本后重新填写。"),
    "masked": _("电话号码打了星号，已留空。"),
    "no email": _("不是邮箱地址，已留空。"),
    "bad email": _("不是邮箱地址。"),
    "too long": _("内容过长，请缩短。"),
    "too large": _("数字过大。"),
    "no such category": _("本产业链没有这个类别，暂不归类。"),
    "no such segment": _("本产业链没有这个环节，暂不定环节。"),
    "no such urgency": _("紧急程度应为紧急、一般或不急，暂按一般。"),
    "no such industry": _("行业分类里没有这个名称或代码，只按文字保存。"),
    "no such majors": _("专业目录里没有这个名称或代码，只按文字保存。"),
    "no such occupations": _("职业分类里没有这个名称或代码，只按文字保存。"),
    "no codes": _("这一列没有一个名称在参照表里，只按文字保存。"),
    "not registered": _("这个单位没有登记，暂存为草稿。"),
    "organisation unknown": _("改后的单位没有登记，请先在“核对单位”中选定。"),
    "not permitted": _("您现在的身份不能为这个单位填报。"),
    "cannot change": _("这一条现在不能由您修改。"),
    "changed since": _("导出之后，这一条已被他人修改，请重新导出再改。"),
    "wish unknown": _("希望对接或不对接的单位没有登记，请先在“核对单位”中选定。"),
    "total row": _("合计行，没有导入。"),
    "note row": _("说明文字，没有导入。"),
    "head again": _("重复的表头，没有导入。"),
    "column unknown": _("未识别这一列，内容作为备注保存，仅管理处和填报单位可见。"),
    "column unsure": _("这一列的含义不确定，请核对。"),
    "column twice": _("另有一列是同一项，这一列未读取。"),
    "no head": _("找不到表头，这张工作表没有导入。"),
    "kind unknown": _("无法判断是哪张清单，这张工作表没有导入。请在“核对各列”中选定。"),
    "hidden sheet": _("隐藏的工作表，没有导入。"),
    "macros": _("工作簿带有宏，没有运行。"),
    "encoding guessed": _("文件按 GB18030 编码读取，请核对文字。"),
}
# Fields that an entry keeps among its texts or in several fields.
LABELS: dict[str, str | Promise] = {
    "number": _("序号"),
    "entry": _("链桥编号"),
    "kind": _("清单"),
    "provider": _("提供单位"),
    "enterprise": _("企业名称"),
    "organisation": _("上级单位"),
    "industry": _("所属行业"),
    "subcategory": _("子类"),
    "all_categories": _("所有分类"),
    "event": _("对接活动"),
    "summary": _("简介"),
    "content": _("内容说明"),
    "audience": _("适用对象"),
    "when": _("可用时段"),
    "how": _("办理方式"),
    "time_limit": _("时限"),
    "offered": _("可投入"),
    "published_on": _("发布时间"),
    "source": _("来源"),
    "link": _("来源链接"),
    "collector": _("收集人"),
    "collected_on": _("收集日期"),
    "taken_by": _("承接单位"),
    "progress": _("对接进展"),
    "result": _("办理结果"),
    "satisfaction": _("满意度"),
    "note": _("备注"),
    "district": _("区县"),
    "province": _("省份"),
    "city": _("城市"),
    "business": _("主营业务"),
    "majors": _("专业"),
    "occupations": _("职业"),
    "never": _("不对接的单位"),
    "must": _("指定对接的单位"),
    "earlier": _("合作过的单位"),
    "headcount": _("需求人数"),
} | {
    key: getattr(Entry._meta.get_field(names[0]), "verbose_name", key)
    for key, names in FIELDS.items()
    if key not in ("offered", "when", *CODED)
}


def reason_of(code: str) -> str | Promise:
    return REASONS.get(code, code)
