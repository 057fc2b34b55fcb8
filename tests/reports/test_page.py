"""The access review page in a real browser: Chromium without a window. Skipped where there is none."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import pytest

from agentreach.identity import Evidence
from agentreach.model import Source, Span
from reports.hostile import PAYLOADS, STACK, hostile_scan
from reports.report_samples import PRESENTATION, Format, before, fixture, scan_folder, scanned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, ViewportSize

    Scheme = Literal["light", "dark"]

    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

FORM = Format("review", "html")
WIDE, NARROW = (1280, 900), (390, 844)
STACK_NAMES = ("desk", "broken")
PAGES = ("#/", "#/agents", "#/agent/0", "#/findings", "#/frameworks", "#/framework/owasp-asi-2026", "#/gaps", "#/all")

# Elements and attributes that the page itself never makes.
STRANGE = ", ".join(f"main {one}" for one in ("img", "script", "iframe", "svg svg", "[onerror]", "[onload]"))


def script(name: str) -> str:
    """A function that runs in the page."""
    return (Path(__file__).parent / "browser" / f"{name}.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


@cache
def written(name: str) -> Path:
    """A page as a file. `fixtures`, a stack, or `hostile-…`."""
    if name.startswith("hostile-"):
        with TemporaryDirectory() as folder:
            scan = hostile_scan(Path(folder), PAYLOADS[name.removeprefix("hostile-")])
    else:
        scan = _scan(name)
    path = Path(_folder().name) / f"{name}.html"
    form = Format("compliance", "html") if name == "compliance" else FORM
    looks = _compared() if name in {"compared", "compliance"} else replace(PRESENTATION, frameworks=())
    looks = replace(looks, frameworks=("owasp-asi-2026", "owasp-nhi-2025")) if name == "compliance" else looks
    path.write_text(form.write(scan, looks), encoding="utf-8")
    return path


def _compared() -> Presentation:
    return replace(PRESENTATION, frameworks=(), previous=Format("scan", "json").write(before()))


def _scan(name: str) -> Scan:
    if name == "crowded":
        return crowded()
    if name == "fixtures":
        return fixture(".")
    if name in {"compared", "compliance"}:
        return scanned("desk")
    return scanned(name) if name in STACK_NAMES else fixture(name)


class Seen:
    """An open page, and everything a browser complained about or asked for while it was."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.address = page, path.as_uri()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._refuse)
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(self.address)

    def _refuse(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def go(self, address: str) -> None:
        self.page.evaluate("address => { location.hash = address; }", address)
        self.page.wait_for_function("address => location.hash.startsWith(address.split('?')[0])", arg=address)
        self.page.wait_for_timeout(30)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    def is_quiet(self) -> None:
        assert self.complaints == []
        assert {request.partition("#")[0] for request in self.requests} == {self.address}


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Seen]]:
    contexts: list[BrowserContext] = []

    def opened(name: str = "fixtures", size: tuple[int, int] = WIDE, scheme: Scheme = "light") -> Seen:
        viewport: ViewportSize = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, offline=True, color_scheme=scheme)
        contexts.append(context)
        return Seen(context.new_page(), written(name))

    yield opened
    for context in contexts:
        context.close()


def test_the_start_says_what_to_review_first(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    assert seen.text("h1") == "2 of 2 agents can deploy, read secrets or change rights without asking anyone."
    assert seen.texts(".first .name") == ["desk-prod", "triage"]
    assert seen.text(".first .why").startswith("critical may read secret values as desk-prod")
    assert "up to secrets" in seen.text(".first .meta")
    assert re.search(r"\d critical", seen.text(".first .meta"))
    assert seen.page.title() == "Start – Agent access review"
    seen.is_quiet()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_quiet_and_fits_the_width(
    open_page: Callable[..., Seen], address: str, size: tuple[int, int]
) -> None:
    seen = open_page("fixtures", size)
    seen.go(address)
    assert seen.page.locator("h1").count() >= 1
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    seen.is_quiet()


def test_an_agent_answers_the_three_questions(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.page.get_by_role("link", name="desk-prod").first.click()
    assert seen.text("h1") == "desk-prod"
    assert seen.texts(".question h2") == [
        "Which identities does it inherit?",
        "Which credentials can it retain?",
        "What can it reach without approval?",
    ]
    assert "It acts as desk-prod (runs-as) and orders-prod (tool-acts-as)." in seen.text(".question")
    assert seen.page.evaluate("document.activeElement.tagName") == "H1"
    seen.is_quiet()


def test_the_picture_shows_the_chain_and_a_click_shows_the_lines(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/agent/0")
    labels = seen.page.locator(".node .label").all_text_contents()
    assert {"desk-prod", "orders", "orders-prod", "secretsmanager", "dynamodb"} <= set(labels)
    node = seen.page.get_by_role("button", name=re.compile("secrets · production: secretsmanager"))
    node.click()
    assert node.get_attribute("aria-pressed") == "true"
    assert "allows secretsmanager:GetSecretValue on *" in seen.text(".panel")
    assert "desk/main.tf:43" in seen.text(".panel")
    assert 'Action   = ["secretsmanager:GetSecretValue"]' in seen.text(".panel .code")
    seen.is_quiet()


def test_the_picture_works_with_the_keyboard_alone(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/agent/0")
    seen.page.locator(".node.agent").focus()
    seen.page.keyboard.press("ArrowRight")
    assert seen.page.evaluate("document.activeElement.classList.contains('agent')") is False
    seen.page.keyboard.press("Enter")
    assert seen.page.locator(".node[aria-pressed=true]").count() == 1
    assert seen.page.locator(".panel h3").count() == 1


def test_the_same_chain_can_be_read_as_a_list(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/agent/0")
    seen.page.get_by_text("The same as a list").click()
    assert "runs as orders-prod" in seen.text(".tree")
    assert "secretsmanager any resource" in seen.text(".tree")


def test_a_long_name_is_broken_in_the_picture_before_anything_is_cut(open_page: Callable[..., Seen]) -> None:
    seen = open_page("bedrock-support-agent")
    seen.go("#/agent/0")
    name = 'aws_lambda_function.tool["account-admin"]'
    drawn = seen.page.locator(f".node[aria-label*='{name}'] .label").all_text_contents()
    assert (len(drawn), "".join(drawn)) == (2, name)


def test_the_picture_of_a_tool_calls_it_a_tool(open_page: Callable[..., Seen]) -> None:
    seen = open_page("kagent-platform")
    seen.page.get_by_role("link", name="Agents", exact=True).click()
    seen.page.get_by_role("link", name="ops-tools").click()
    assert seen.page.locator(".node.agent .above").all_text_contents() == ["TOOL"]


def test_a_finding_says_what_to_write_instead(open_page: Callable[..., Seen]) -> None:
    seen = open_page("bedrock-support-agent")
    seen.go("#/findings?check=AR401")
    seen.page.locator(".finding summary").first.click()
    at = "fixtures/bedrock-support-agent/schemas/account-admin.yaml:19"
    assert f"Instead, at {at}, which agentreach fix writes:" in seen.text(".suggested")
    assert seen.text(".suggested .more").strip() == "+      x-requireConfirmation: ENABLED"


def test_the_compliance_page_tells_each_finding_once_and_entries_refer_to_it(open_page: Callable[..., Seen]) -> None:
    seen = open_page("compliance")
    assert len(seen.texts(".cite")) == len(scanned("desk").open_findings)
    seen.page.get_by_role("link", name="Finding 1", exact=True).first.click()
    assert seen.page.evaluate("location.hash") == "#finding-1"
    assert "desk/main.tf:" in seen.text("#finding-1")


def test_boxes_of_the_picture_hold_their_text(open_page: Callable[..., Seen]) -> None:
    seen = open_page("fixtures")
    for number in range(4):
        seen.go(f"#/agent/{number}")
        outside = seen.page.evaluate(
            """() => [...document.querySelectorAll(".node")].flatMap((node) => {
              const box = node.querySelector(".box").getBoundingClientRect();
              return [...node.querySelectorAll("text")].filter((text) => {
                const own = text.getBoundingClientRect();
                return own.right > box.right + 1 || own.left < box.left - 1;
              }).map((text) => text.textContent);
            })"""
        )
        assert outside == []


def test_the_privilege_map_maps_actions_to_steps_and_can_be_filtered(open_page: Callable[..., Seen]) -> None:
    seen = open_page("bedrock-support-agent")
    seen.go("#/agent/0")
    rows = seen.texts(".map tbody tr")
    assert any("iam:CreateAccessKey" in row and "identity" in row and "standing" in row for row in rows)
    seen.page.locator("#may").get_by_role("button", name="secrets").click()
    assert [row.split()[0] for row in seen.texts(".map tbody tr")] == ["secretsmanager:GetSecretValue"]


def test_credentials_lie_on_the_time_axis_by_lifetime(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/agent/0")
    rows = seen.page.locator(".lifetimes tbody tr")
    places = [
        (
            row.locator(".lasts").inner_text().split(",")[0].strip(),
            float(row.locator(".pin").evaluate("pin => parseFloat(pin.style.left)")),
        )
        for row in rows.all()
        if row.locator(".pin").count()
    ]
    by_name = dict(places)
    assert by_name["1 hour"] < by_name["12 hours"] < by_name["never expires"]
    assert places == sorted(places, key=lambda one: -one[1])


def test_findings_can_be_filtered_and_the_filter_is_in_the_address(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/findings")
    total = len(scanned("desk").open_findings)
    assert seen.text(".result") == f"{total} findings"
    seen.page.get_by_role("button", name="high").click()
    assert seen.text(".result") == "5 findings"
    assert "severity=3" in seen.page.url
    seen.page.locator("#filter").fill("triage more rights")
    assert seen.text(".result") == "1 finding"
    assert seen.texts(".finding .check") == ["AR304"]
    seen.page.reload()
    assert seen.text(".result") == "1 finding"
    seen.page.locator("#filter").fill("nothing like this")
    assert seen.text(".empty") == "Nothing matches these filters."
    seen.is_quiet()


def test_suppressed_findings_are_shown_when_asked_for(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/findings")
    assert seen.page.locator(".finding.suppressed").count() == 0
    seen.page.get_by_label("Suppressed ones too").check()
    assert seen.page.locator(".finding.suppressed").count() == 1
    seen.page.locator(".finding.suppressed summary").click()
    assert "sessions end with the ticket" in seen.text(".finding.suppressed .note")


def test_a_finding_opens_with_its_code_and_line_numbers(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/findings?check=AR401")
    seen.page.locator(".finding summary").first.click()
    marked = seen.page.locator(".finding .code .line.on").first
    assert marked.locator(".number").inner_text() == "69"
    assert marked.locator("mark").inner_text() == 'name        = "cancel_order"'
    assert "Require confirmation for every function that changes something." in seen.text(".finding .body")


def test_a_literal_secret_is_hidden_in_its_excerpt(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/findings?check=AR207")
    seen.page.locator(".finding summary").first.click()
    assert "LEDGER_TOKEN = ***" in seen.text(".finding .code")


def test_search_finds_agents_and_findings(open_page: Callable[..., Seen]) -> None:
    seen = open_page("fixtures")
    seen.page.keyboard.press("/")
    assert seen.page.evaluate("document.activeElement.id") == "query"
    seen.page.keyboard.type("support-triage")
    seen.page.wait_for_selector("h1:has-text('Search: support-triage')")
    assert "support-triage" in seen.texts(".agents .name")
    assert seen.page.locator(".finding").count() > 5
    assert seen.page.evaluate("document.activeElement.id") == "query"
    seen.is_quiet()


def test_a_framework_page_says_what_people_still_have_to_attest(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/framework/owasp-asi-2026?entry=ASI03")
    entry = seen.page.locator("#entry-ASI03")
    assert entry.get_attribute("open") is not None
    assert "evidence found" in entry.locator("summary").first.inner_text()
    assert "Decide on each finding" in entry.locator(".attest").inner_text()
    assert entry.locator(".finding").count() > 3
    body = seen.page.locator("main").inner_text().lower()
    assert "compliant" not in body
    assert "violat" not in body


def test_what_was_not_analysed_is_said_at_the_start(open_page: Callable[..., Seen]) -> None:
    seen = open_page("broken")
    assert seen.text("h1") == "No agent is declared in the scanned code."
    assert "Not everything was analysed." in seen.text(".alarm")
    seen.page.get_by_role("link", name="What is missing").click()
    assert "the string is never closed" in seen.text("#broken")


def test_the_keyboard_reaches_everything_in_order(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Skip to content"
    for _ in range(3):
        seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Agents"
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("h1:has-text('Agents')")


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_names_for_what_can_be_used(open_page: Callable[..., Seen], address: str) -> None:
    """Every control has an accessible name, every page one main heading first, ids are unique."""
    seen = open_page("fixtures")
    seen.go(address)
    problems = seen.page.evaluate(script("names"))
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_background(open_page: Callable[..., Seen], scheme: Scheme) -> None:
    """WCAG AA: a contrast of 4.5 for text."""
    seen = open_page("fixtures", scheme=scheme)
    for address in ("#/", "#/agent/1", "#/findings", "#/framework/csa-maestro-2025"):
        seen.go(address)
        poor = seen.page.evaluate(script("contrast"))
        assert poor == [], address


AXE_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


WITH_AXE = [
    *(("compared", address, WIDE, "light") for address in PAGES),
    *(("compared", address, NARROW, "dark") for address in ("#/", "#/agent/0", "#/findings")),
    ("compliance", "", WIDE, "light"),
    ("compliance", "", NARROW, "dark"),
]


@pytest.mark.parametrize(("name", "address", "size", "scheme"), WITH_AXE)
def test_axe_finds_no_barrier(
    open_page: Callable[..., Seen], name: str, address: str, size: tuple[int, int], scheme: Scheme
) -> None:
    """Every rule of WCAG 2.2 AA and good practice that axe-core can test, with everything unfolded."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    seen = open_page(name, size, scheme)
    if address:
        seen.go(address)
    seen.page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
    seen.page.evaluate(files(axe).joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = seen.page.evaluate("async (rules) => (await axe.run(document, rules)).violations", AXE_RULES)
    assert [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found] == []


def test_a_compared_page_says_what_is_new_and_shows_only_that_when_asked(open_page: Callable[..., Seen]) -> None:
    seen = open_page("compared")
    assert "7 new findings, 0 gone, 8 unchanged." in seen.text("main")
    seen.page.get_by_role("link", name="7 new findings").click()
    assert seen.text(".result") == "7 findings"
    assert seen.page.locator(".finding").count() == seen.page.locator(".finding .fresh").count() == 7
    seen.page.get_by_label("Only new ones").uncheck()
    assert seen.text(".result") == "15 findings"
    seen.is_quiet()


@pytest.mark.parametrize("name", PAYLOADS)
def test_hostile_names_are_shown_as_text_on_every_page(open_page: Callable[..., Seen], name: str) -> None:
    seen = open_page(f"hostile-{name}")
    for address in PAGES:
        seen.go(address)
        seen.page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        seen.page.wait_for_timeout(20)
        assert seen.page.locator(STRANGE).count() == 0
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    seen.is_quiet()


def test_a_hostile_name_reads_as_it_is_written(open_page: Callable[..., Seen]) -> None:
    seen = open_page("hostile-image")
    seen.go("#/findings")
    assert "\"><img src=x onerror=alert(1)>'" in seen.text(".finding .message")
    seen = open_page("hostile-bidi")
    seen.go("#/findings")
    assert "\\u202eevil\\u202c" in seen.text(".finding .message")


def test_the_policy_admits_nothing_but_the_pages_own_parts(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    policy = seen.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    blocked = seen.page.evaluate(
        """async () => {
          const tried = document.createElement("script");
          tried.textContent = "window.ran = true";
          document.body.append(tried);
          const image = new Image();
          image.src = "https://example.invalid/x.png";
          const fetched = await fetch("https://example.invalid/").then(() => true, () => false);
          return [window.ran === true, fetched];
        }"""
    )
    assert blocked == [False, False]


def test_printing_opens_what_a_reader_could_not(open_page: Callable[..., Seen]) -> None:
    seen = open_page("desk")
    seen.go("#/agent/0")
    seen.page.emulate_media(media="print")
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert seen.page.locator("#found .finding").count() == seen.page.locator("#found .finding[open]").count() > 3
    assert not seen.page.locator(".bar").is_visible()
    assert len(seen.page.pdf()) > 10_000


@cache
def crowded() -> Scan:
    """Five hundred agents and more than five thousand findings."""
    with TemporaryDirectory() as folder:
        stack = Path(folder) / "stack"
        stack.mkdir()
        for number in range(500):
            text = STACK.replace('["*"]', '["s3:GetObject"]').format(name=f'"agent-{number:03}"', comment="")
            names = {"ops": f"ops{number}", "tool": f"tool{number}"}
            for old, new in names.items():
                text = text.replace(f'"{old}"', f'"{new}"').replace(f".{old}.", f".{new}.")
            (stack / f"agent{number}.tf").write_text(text, encoding="utf-8")
        scan = scan_folder(stack)
    few = scan.findings
    odd = Span(Source("stack/more.tf", "x = 1\n"), 0, 5)
    more = [
        replace(one, fingerprint=f"{one.fingerprint}-{copy}", evidence=(Evidence(odd, "again"), *one.evidence))
        for copy in range(max(0, 5_000 // len(few)))
        for one in few
    ]
    return replace(scan, findings=(*few, *more))


@pytest.mark.slow
def test_a_page_of_many_agents_and_findings_draws_only_what_is_seen(open_page: Callable[..., Seen]) -> None:
    assert len(crowded().findings) > 5_000
    seen = open_page("crowded")
    for address in ("#/", "#/agents", "#/findings", "#/agent/250", "#/framework/owasp-asi-2026"):
        seen.go(address)
        assert seen.page.evaluate("document.querySelectorAll('*').length") < 6_000, address
    seen.go("#/findings")
    seen.page.locator("#filter").fill("agent-250")
    assert 0 < int(seen.text(".result").split()[0].replace(",", "")) < len(crowded().findings) / 2
    seen.page.locator("#filter").fill("")
    seen.page.get_by_role("button", name=re.compile("Show 50 more")).click()
    assert seen.page.locator(".finding").count() == 100
    seen.is_quiet()
