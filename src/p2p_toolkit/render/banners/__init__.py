"""A site's cookies as the configuration of the banner that it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.library import Entry
from p2p_toolkit.render.banners import c15t, django_cookie_consent, klaro, vanilla_cookieconsent
from p2p_toolkit.render.banners.sorting import Banner

__all__ = ["BANNERS", "Banner"]

# By target, functions from the rows, the categories in their order, and the date of today as YYYY-MM-DD.
BANNERS: Mapping[str, Callable[[Sequence[Row], Sequence[Entry], str], Banner]] = {
    "vanilla-cookieconsent": vanilla_cookieconsent.banner,
    "klaro": klaro.banner,
    "c15t": c15t.banner,
    "django-cookie-consent": django_cookie_consent.banner,
}
