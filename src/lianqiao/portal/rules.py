import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.permissions import permit

# Nobody has it in the browser; the operator at the terminal may.
permit("portal.load_demo", _("载入演示数据"), rules.always_deny)
