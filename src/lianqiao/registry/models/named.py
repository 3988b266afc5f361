from django.utils.translation import get_language

from lianqiao.core.models import Versioned


class Named(Versioned):
    """A row with a name, and an English one for those who read English."""

    name: str
    name_en: str

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        reads_english = (get_language() or "").startswith("en")
        return self.name_en if self.name_en and reads_english else self.name
