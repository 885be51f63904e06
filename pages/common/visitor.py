"""Who a visitor is: a secret of ours in a cookie, so that one's runs are still one's own after a reload.

No account and no name. The secret is made here, 256 random bits, and the store keeps only its hash; whoever has it
may stop, rename and delete the runs that were started with it.
"""

import re
import secrets

import streamlit as st

COOKIE = "unrolled_visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_KEPT = "_visitor"

# Streamlit can read a cookie but not set one, so the browser writes it: for this path, a year, not sent elsewhere.
_keep = st.components.v2.component(
    "unrolled.visitor",
    js="""
export default function ({ data }) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${data.name}=${data.token}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`;
}
""",
)


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
