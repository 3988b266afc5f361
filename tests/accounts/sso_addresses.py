"""The addresses of an installation that has single sign-on configured."""

from lianqiao.accounts.urls import sso_urls
from lianqiao.config.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]
urlpatterns = [*urlpatterns, *sso_urls(["openid_connect", "weixin", "dingtalk"])]
