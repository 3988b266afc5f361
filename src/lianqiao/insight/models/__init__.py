from lianqiao.insight.models.briefing import AnalysisRule, Briefing
from lianqiao.insight.models.figure import FigureValue

__all__ = ["AnalysisRule", "Briefing", "FigureValue"]
