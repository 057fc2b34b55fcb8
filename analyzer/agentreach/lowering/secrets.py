"""Is this literal a secret? By the shapes that vendors give their keys, else by name and entropy.

Values go in and only their kind comes out; nothing here keeps, logs or returns a value.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple


class Literal(NamedTuple):
    """What a literal is ("OpenAI key"), and whether it only stands where a secret will be."""

    kind: str
    placeholder: bool = False


_SHAPES = tuple(
    (kind, late_regex(pattern))
    for kind, pattern in (
        ("private key", r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
        ("AWS access key id", r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
        ("Anthropic key", r"sk-ant-[A-Za-z0-9_-]{20,}"),
        ("OpenAI key", r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}"),
        ("GitHub token", r"(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})"),
        ("GitLab token", r"gl(?:pat|dt|rt|ptt|agent)-[A-Za-z0-9_-]{20,}"),
        ("Slack token", r"xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}"),
        ("Slack webhook", r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,}"),
        ("Google API key", r"AIza[A-Za-z0-9_-]{35}"),
        ("Hugging Face token", r"hf_[A-Za-z0-9]{30,}"),
        ("LangSmith key", r"lsv2_[a-z]{2}_[A-Za-z0-9_]{20,}"),
        ("Groq key", r"gsk_[A-Za-z0-9]{30,}"),
        ("NVIDIA key", r"nvapi-[A-Za-z0-9_-]{30,}"),
        ("Databricks token", r"dapi[a-f0-9]{32}"),
        ("SendGrid key", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("Stripe key", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"),
        ("npm token", r"npm_[A-Za-z0-9]{36}"),
        ("Vault token", r"hv[sb]\.[A-Za-z0-9_-]{20,}"),
        ("Azure storage key", r"AccountKey=[A-Za-z0-9+/=]{40,}"),
        ("JSON web token", r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
        ("password in a URL", r"[a-z][a-z0-9+.-]{1,20}://[^/\s:@]{1,100}:[^/\s:@${}<>]{3,200}@"),
    )
)
_NAMES = late_regex(
    r"(?:^|[_.-])(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|cred(?:s|entials?)"
    r"|client[_-]?secret|(?:auth|encryption|master|session|signing)[_-]?key)(?:$|[_.-])",
    re.IGNORECASE,
)
_NOT_SECRET_NAMES = late_regex(
    r"(?:_|-|\.)(?:name|id|file|path|url|uri|endpoint|arn|ref|header|type|ttl|expiry|expiration|seconds|version|region"
    r"|enabled|required|count|limit|max|length|issuer|audience|prefix|mount|dir)$|^max_|_tokens?_|tokenizer|max[_-]?tokens",
    re.IGNORECASE,
)
_PLACEHOLDER = late_regex(
    r"^(?:change[-_ ]?me|replace[-_ ]?me|todo|tbd|none|null|dummy|example|placeholder|redacted|x{3,}|\*{3,}|\.{3,}"
    r"|<[^>]{1,200}>|your[-_ ].{1,200}|my[-_ ].{1,200}|insert[-_ ].{1,200}|replace[-_ ].{1,200}|test|secret|password"
    r"|\$\{.{1,200}\}|\$\(.{1,200}\)|\{\{.{1,200}\}\}|%.{1,200}%|fake[-_].{1,200}|dummy[-_].{1,200}|sk-(?:x|\.|0|\*){3,}.{0,200})$",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 16_384
_BITS_PER_CHARACTER = 3.0
_SHORTEST = 8
# A URL of a scheme of two letters, a user of one and a password of three.
_SHORTEST_SHAPE = 11


def detect(name: str, value: str) -> Literal | None:
    """What kind of secret `value`, written under `name`, is; None for anything else."""
    text = value.strip()[:_LONGEST]
    if len(text) < 3 or _is_reference(text):  # noqa: PLR2004 - nothing shorter proves an identity
        return None
    if _PLACEHOLDER.match(text):
        return Literal("placeholder for a secret", placeholder=True) if is_secret_name(name) else None
    for kind, shape in _SHAPES if len(text) >= _SHORTEST_SHAPE else ():
        if shape.search(text):
            return Literal(kind, placeholder=_looks_made_up(text))
    if is_secret_name(name) and len(text) >= _SHORTEST and not _is_prose(text):
        return Literal("secret by name and randomness" if _is_random(text) else "secret by name")
    return None


def is_secret_name(name: str) -> bool:
    """`API_KEY`, `db-password`, `githubToken`; not `TOKEN_URL`, `MAX_TOKENS`, `SECRET_NAME`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return _NAMES.search(spaced) is not None and _NOT_SECRET_NAMES.search(spaced) is None


def _is_reference(text: str) -> bool:
    """Names of a place where the secret is kept are no secrets."""
    return text.startswith(("arn:", "/", "./", "vault:", "ssm:", "secretsmanager:", "projects/", "op://", "ref+"))


def _is_prose(text: str) -> bool:
    return " " in text or text.lower() in {"disabled", "enabled", "required", "optional", "kubernetes", "default"}


def _is_random(text: str) -> bool:
    counts = Counter(text)
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return bits >= _BITS_PER_CHARACTER


def _looks_made_up(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in ("example", "placeholder", "xxxx", "changeme", "your", "dummy", "0000000000"))
