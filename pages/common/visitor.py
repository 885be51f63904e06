"""Who a visitor is: a secret of ours in a cookie, so that one's runs are still one's own after a reload.

No account and no name. The secret is made here, 256 random bits, and the store keeps only its hash; whoever has it
may stop, rename and delete the runs that were started with it.
"""

import re
import secrets
from pathlib import Path

import streamlit as st

from pages.common.browser import element

COOKIE = "unrolled_visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_KEPT = "_visitor"

_keep = element(Path(__file__).with_name("cookie.js"))


def visitor() -> str:
    """Return this visitor's secret: what this session began with, else the cookie's, else a new one."""
    if _KEPT not in st.session_state:
        sent = st.context.cookies.get(COOKIE)
        known = isinstance(sent, str) and _TOKEN.fullmatch(sent)
        st.session_state[_KEPT] = sent if known else secrets.token_urlsafe(32)
    return st.session_state[_KEPT]


def remember_visitor() -> None:
    """Let the browser keep the secret. Call it once per run of a page, below everything that is to be seen."""
    token = visitor()
    if st.context.cookies.get(COOKIE) != token:
        _keep(key="visitor", data={"name": COOKIE, "token": token})
