"""The texts of a banner's windows and buttons, and a remark for its owner."""

from __future__ import annotations

TITLE = "Cookies on this site"
ASK = (
    "We use cookies that this site needs to do what you ask of it. We would also like to use optional ones. "
    "They are off until you allow them, and you can change your mind at any time."
)
ACCEPT = "Accept all"
REJECT = "Reject all"
CHOOSE = "Choose cookies"
SAVE = "Save my choice"
CLOSE = "Close"

# Statistics tools store their cookies on the highest host that they may, and a script can delete them only if it names that host.
ABOVE = 'A cookie of a host above the site\'s own needs that host beside its name: domain: "council.example". Only for www. is it there.'
