"""What is collected must be what Django looks up when the page is shown; so the last test asks Django."""

from textwrap import dedent

import pytest
from django.template import Context, Engine
from django.utils import translation
from message_sources import Found, Message, files, in_python, in_script, in_template


def found(reader, source):
    return list(reader(dedent(source).lstrip("\n")))


def test_python_each_function_gives_its_message_with_context_and_plural():
    source = """
        from django.utils.translation import gettext_lazy as _, gettext as now, ngettext, pgettext, npgettext
        a = _("首页" "与搜索")
        b = now("保存")
        c = ngettext("%(n)s 条", "共 %(n)s 条", n)
        d = pgettext("动词", "发布")
        e = npgettext("页", "%(n)s 页", "共 %(n)s 页", n)
        f = translation.gettext_noop("退回")
    """
    assert found(in_python, source) == [
        Found(2, Message("首页与搜索")),
        Found(3, Message("保存")),
        Found(4, Message("%(n)s 条", plural="共 %(n)s 条")),
        Found(5, Message("发布", context="动词")),
        Found(6, Message("%(n)s 页", plural="共 %(n)s 页", context="页")),
        Found(7, Message("退回")),
    ]


def test_python_chinese_outside_gettext_is_found_in_plain_and_formatted_strings():
    source = """
        label = "单位名称"
        text = f"共 {n} 条"
    """
    assert found(in_python, source) == [
        Found(1, finding="Chinese outside gettext: 单位名称"),
        Found(2, finding="Chinese outside gettext: 共"),
        Found(2, finding="Chinese outside gettext: 条"),
    ]


def test_python_docstrings_comments_code_points_and_excused_data_are_not_found():
    source = '''
        """说明文字。"""
        HANZI = "[\\u4e00-\\u9fff]"  # code points
        # untranslated: what people type
        DATES = [
            "%Y年%m月%d日",
            "%m月%d日",
        ]
        SUFFIX = "有限公司"  # untranslated: part of a name
        def sign():
            """签订协议。"""
    '''
    assert found(in_python, source) == []


def test_python_excuse_ends_with_its_statement():
    source = """
        # untranslated: what people type
        DATE = "%Y年"
        LABEL = "日期"
        UNIT = "元"  # untranslated: a column's name
        TITLE = "标题"
    """
    assert [item.line for item in found(in_python, source)] == [3, 5]


@pytest.mark.parametrize("text", ['f"共 {n} 条"', '"共" + n', '"%s 条" % n'])
def test_python_assembled_text_in_gettext_is_found(text):
    assert found(in_python, f"_({text})") == [
        Found(1, finding="an assembled text cannot be translated: use one literal with %(name)s")
    ]


TEMPLATE = """
{% load i18n %}
<h1>{% translate "三张清单" %}</h1>
{% trans '进度 50%' as progress %}
{% translate "发布" context "动词" %}
{% blocktranslate trimmed with name=unit.name %}
    您好，
    {{ name }}：完成 100%
{% endblocktranslate %}
{% blocktranslate count n=entries|length context "清单" asvar line %}{{ n }} 条{% plural %}共 {{ n }} 条{% endblocktranslate %}
{{ unit.note|default:_("无") }}
{% firstof nothing _("标题") %}
"""


def test_template_each_form_gives_its_message_at_its_line():
    assert found(in_template, TEMPLATE) == [
        Found(2, Message("三张清单")),
        Found(3, Message("进度 50%%")),
        Found(4, Message("发布", context="动词")),
        Found(5, Message("您好， %(name)s：完成 100%%")),
        Found(9, Message("%(n)s 条", plural="共 %(n)s 条", context="清单")),
        Found(10, Message("无")),
        Found(11, Message("标题")),
    ]


def test_template_cotton_expression_gives_its_message():
    assert found(in_template, """<c-card :title="_('成员')" note="合计" />""") == [
        Found(1, Message("成员")),
        Found(1, finding='Chinese outside translate: <c-card :title="" note="合计" />'),
    ]


def test_template_chinese_outside_translate_is_found_in_text_attribute_and_tag():
    source = """
        <p>没有记录</p>
        <input placeholder="搜索">
        {{ name|default:"未填" }}
        {% include "x.html" with label="标题" %}
    """
    assert [(item.line, item.finding) for item in found(in_template, source)] == [
        (1, "Chinese outside translate: <p>没有记录</p>"),
        (2, 'Chinese outside translate: <input placeholder="搜索">'),
        (3, 'Chinese outside translate: name|default:"未填"'),
        (4, 'Chinese outside translate: include "x.html" with label="标题"'),
    ]


def test_template_comments_and_elements_in_chinese_by_lang_are_not_found():
    source = """
        {# 说明 #}{% comment %}说明 {% translate "不收集" %}{% endcomment %}
        <!-- 说明 -->
        <button lang="zh-Hans"><c-icon name="language" />中文 {% translate "切换" %}</button>
    """
    assert found(in_template, source) == [Found(3, Message("切换"))]


def test_template_expression_inside_blocktranslate_is_found():
    source = "{% blocktranslate %}共 {{ page.total }} 条{% endblocktranslate %}"
    assert found(in_template, source)[0] == Found(1, finding="bind it with `with` first: page.total")


def test_script_chinese_outside_comments_is_found():
    source = """
        // 说明
        const words = element.dataset.words  /* 说明 */
        alert("网络中断")
    """
    assert found(in_script, source) == [Found(3, finding='Chinese in a script: alert("网络中断")')]


def test_files_leave_out_migrations_and_keep_only_messages_of_demo(tmp_path):
    for folder in ("app", "app/migrations", "app/demo"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "x.py").write_text('a = "甲"\nb = _("乙")\n', encoding="utf-8")
    assert [(str(path.relative_to(tmp_path)), len(items)) for path, items in files(tmp_path)] == [
        ("app/demo/x.py", 1),
        ("app/x.py", 2),
    ]


class Catalogue:
    """Translates nothing, and remembers what it was asked for."""

    def __init__(self):
        self.asked = set()

    def gettext(self, text):
        return self.ngettext(text, "", 1)

    def ngettext(self, singular, plural, number):
        context, _, singular = singular.rpartition("\x04")
        self.asked.add(Message(singular, plural.rpartition("\x04")[2], context))
        return singular


def test_collected_messages_are_the_ones_that_django_looks_up(monkeypatch):
    catalogue = Catalogue()
    template = Engine(libraries={"i18n": "django.templatetags.i18n"}).from_string(TEMPLATE)
    with translation.override("en"):
        monkeypatch.setattr("django.utils.translation.trans_real._active.value", catalogue)
        template.render(Context({"entries": [1], "unit": {"name": "甲"}}))

    assert catalogue.asked == {item.message for item in in_template(TEMPLATE)}
