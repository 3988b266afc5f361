from django.urls import path

from lianqiao.insight.pages import analysis, briefings, figures

urlpatterns = [
    path("figures", figures.double_improvement, name="double_improvement"),
    path("figures/analysis/<int:pk>", analysis.chain_analysis, name="chain_analysis"),
    path("figures/analysis/<int:pk>/rule", analysis.analysis_rule_edit, name="analysis_rule_edit"),
    path("figures/briefings", briefings.briefing_list, name="briefing_list"),
    path("figures/briefings/make/<int:pk>", briefings.briefing_make, name="briefing_make"),
    path("figures/briefings/<int:pk>", briefings.briefing_download, name="briefing_download"),
    path("figures/<slug:code>", figures.figure_detail, name="figure_detail"),
    path("figures/<slug:code>/rows", figures.figure_rows, name="figure_rows"),
]
