"""The pictures of the documentation: each is shown, described, small, and one that the tool takes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"!\[([^\]]*)\]\(images/([^)]+)\)", PAGE)


def test_every_picture_is_shown_and_is_one_that_the_tool_takes() -> None:
    taken = subprocess.run(
        [sys.executable, str(ROOT / "tools/take_screenshots.py"), "--names"], capture_output=True, text=True, check=True
    ).stdout.split()
    kept = sorted(path.name for path in (ROOT / "docs" / "images").iterdir())
    assert sorted(name for _, name in SHOWN) == sorted(taken) == kept


def test_pictures_are_described_and_small() -> None:
    for words, name in SHOWN:
        assert len(words.split()) >= 4, name
        picture = (ROOT / "docs" / "images" / name).read_bytes()
        assert picture.startswith(b"\x89PNG"), name
        assert len(picture) < 150_000, name
