from lianqiao.insight.models.figure import FigureValue

__all__ = ["FigureValue"]
