"""The token patterns of native syntax. All are possessive: none backtracks, so scanning is linear.

A token pattern skips blanks and comments, then captures exactly one group; `KINDS` names the groups. Within brackets
line ends mean nothing (`LOOSE`); elsewhere they end an item and are a token of their own (`STRICT`). A name token
holds all that is only separated by dots, so that most references are one token.
"""

from __future__ import annotations

from agentreach.parsers.terraform.possessive import compiled

# Letters, `_` and all beyond ASCII; then digits and `-` too. Written as what is left out: sets that reach to the end
# of Unicode take milliseconds to compile.
IDENTIFIER = r"[^\x00-@\[-^`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]*+"
SIMPLE_STRING = r'"[^"\\$%\r\n]*+(?:[$%](?![{$%])[^"\\$%\r\n]*+)*+"'
BLOCK_COMMENT = r"/\*(?:[^*]++|\*(?!/))*+\*/"
LINE_COMMENT = r"(?:#|//)[^\n]*+"
BLANK = rf"(?:[ \t\n]++|\r(?=\n)|{LINE_COMMENT}|{BLOCK_COMMENT})*+"
INLINE_BLANK = rf"(?:[ \t]++|{BLOCK_COMMENT})*+"
LINE_END = rf"(?:{LINE_COMMENT})?+\r?+\n{BLANK}"
NUMBER = r"[0-9](?:\.*+(?:[0-9]|[eE][+-]?[0-9]))*+"
HEREDOC_OPENING = rf"<<-?{IDENTIFIER}\r?+\n"
_OPERATOR = r"&&|\|\||[=!<>]=|=>|\.\.\.|::|~\}|/(?![/*])|[{}()\[\].,*%+\-=<>!?:]"

_TOKEN = (
    rf"(?:({IDENTIFIER}(?:\.{IDENTIFIER})*+)|({SIMPLE_STRING})|({HEREDOC_OPENING})|({_OPERATOR})|({NUMBER})"
    rf"|({LINE_END})|((?:{LINE_COMMENT})?+\Z)|(\")|([\s\S]))"
)

NAME = "name"
STRING = "string"
HEREDOC = "heredoc"
NUMERAL = "number"
NEWLINE = "line end"
END = "end"
QUOTE = "quote"
BAD = "bad"
OPERATOR_GROUP = 4
KINDS = ("", NAME, STRING, HEREDOC, "", NUMERAL, NEWLINE, END, QUOTE, BAD)

STRICT = compiled(INLINE_BLANK + _TOKEN).match
LOOSE = compiled(BLANK + _TOKEN).match

# What a quoted string holds until its quote, an interpolation, a directive or a line end.
QUOTED_TEXT = compiled(r'(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))*+').match
# What a heredoc or template file holds until its line ends, or an interpolation or directive begins.
LINE_TEXT = compiled(r"(?:[^$%\r\n]++|\$\$\{|%%\{|[$%](?!\{))*+(?:\r?+\n)?+").match
SEQUENCE = compiled(r"[$%]\{~?+").match


def is_identifier(name: str) -> bool:
    """Whether what the pattern took for a name is one: Unicode's letters and digits, `_` and `-`."""
    return "." not in name and (name.isascii() or name.replace("-", "_").isidentifier())
