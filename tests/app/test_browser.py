"""Drives the real page, started as a person starts it, in headless Chromium.

Every test leaves a screenshot of how it ended in build/browser, for those who want to see.
"""

from __future__ import annotations

import io
import shutil
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.examples_index import Example, examples
from tests.app.server_process import ROOT, serving

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (requirements-dev.txt)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package chromium)"),
]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RESULT_MS = 180_000
SCREENSHOTS = ROOT / "build" / "browser"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`python app.py` on a free port, working in another folder than the repository's."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: playwright.Browser, address: str, request: pytest.FixtureRequest) -> Iterator[playwright.Page]:
    """A fresh visitor's page, dark on a phone; it must not have called any other host by the end."""
    phone = request.node.get_closest_marker("phone") is not None
    context = browser.new_context(
        viewport=PHONE if phone else {"width": 1440, "height": 1000}, color_scheme="dark" if phone else "light"
    )
    page = context.new_page()
    page.set_default_timeout(RESULT_MS)
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url) if request.url.startswith(("http", "ws")) else None)
    page.goto(address)
    page.wait_for_selector("#run")
    yield page
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)
    context.close()
    assert {url for url in hosts if not url.startswith(address)} == set()


@pytest.fixture
def example() -> Example:
    """An example with cones in it where there is one."""
    shown = examples()
    return next((one for one in shown if any("cone" in sentence for sentence in one.sentences)), shown[0])


def upload(page: playwright.Page, visible: Path, infrared: Path) -> None:
    for slot, path in (("#visible", visible), ("#infrared", infrared)):
        page.set_input_files(f"{slot} input[type=file]", str(path))
        page.wait_for_selector(f"{slot} img")


FETCH = """async (source) => { const blob = await (await fetch(source)).blob();
return await new Promise(done => { const reader = new FileReader();
reader.onload = () => done(reader.result.split(',')[1]); reader.readAsDataURL(blob); }) }"""


def slider_pictures(page: playwright.Page) -> list[np.ndarray]:
    """Both pictures of the slider as the browser got them."""
    images = page.locator("#slider img")
    contents = [page.evaluate(FETCH, images.nth(index).get_attribute("src")) for index in range(images.count())]
    return [np.asarray(Image.open(io.BytesIO(b64decode(content))).convert("RGB")).astype(int) for content in contents]


def fused_picture(page: playwright.Page, path: Path) -> np.ndarray:
    """What the button under the result saves."""
    with page.expect_download() as download:
        page.click("#download-fused")
    download.value.save_as(path)
    return np.asarray(Image.open(path)).astype(int)


def fuse(page: playwright.Page, text: str) -> None:
    page.fill("#instruction textarea", text)
    page.click("#run")
    page.wait_for_selector("#stop:not([disabled])", timeout=RESULT_MS)
    page.wait_for_selector("#run:not([disabled])", timeout=RESULT_MS)


def test_an_uploaded_pair_is_fused_as_the_sentence_says(page, example, tmp_path):
    upload(page, example.visible, example.infrared)
    fuse(page, "")
    page.wait_for_selector("#slider img")
    plain = fused_picture(page, tmp_path / "plain.png")
    fuse(page, "make the cones clear")
    page.wait_for_function("document.querySelector('#chips textarea, #chips input')?.value === 'cones'")
    assert "make the cones clear" in page.inner_text("#reading")
    told = fused_picture(page, tmp_path / "told.png")
    assert told.shape == plain.shape
    assert np.abs(told - plain).max() > 2
    pictures = slider_pictures(page)
    assert len(pictures) == 2 and sum(np.array_equal(picture, told) for picture in pictures) == 1


def test_an_example_gives_a_result_within_two_clicks(page):
    page.locator("#examples button").first.click()
    page.wait_for_selector("#visible img")
    assert page.input_value("#instruction textarea")
    page.click("#run")
    page.wait_for_selector("#slider img", timeout=RESULT_MS)
    assert page.locator("#slider img").count() == 2
    page.wait_for_selector("#undo[disabled]")


def test_an_edited_plan_runs_and_can_be_undone(page, example):
    upload(page, example.visible, example.infrared)
    fuse(page, "make the cones clear")
    region = page.locator("#chips textarea, #chips input").first
    region.fill("road")
    region.press("Enter")
    page.wait_for_selector("#undo:not([disabled])", timeout=RESULT_MS)
    assert "read by you" in page.inner_text("#reading")
    page.click("#undo")
    page.wait_for_selector("#undo[disabled]")
    page.wait_for_function("document.querySelector('#chips textarea, #chips input')?.value === 'cones'")
    page.click("#redo")
    page.wait_for_selector("#undo:not([disabled])")
    page.locator("#history button.thumbnail-item").first.click()
    page.wait_for_selector("#undo[disabled]")
    assert page.locator("#history button.thumbnail-item").count() == 2


def test_undo_again_and_what_is_left_out_may_be_typed(page, example, tmp_path):
    upload(page, example.visible, example.infrared)
    fuse(page, "")
    fuse(page, "darken everything except the cones")
    page.wait_for_function("document.querySelector('#chips textarea, #chips input')?.value.includes('except')")
    once = fused_picture(page, tmp_path / "once.png")
    fuse(page, "again")
    assert "darken everything except the cones" in page.inner_text("#reading")
    twice = fused_picture(page, tmp_path / "twice.png")
    assert twice.mean() < once.mean() - 2
    page.fill("#instruction textarea", "undo that")
    page.click("#run")
    page.wait_for_function("document.querySelector('#instruction textarea').value.startsWith('darken')")
    page.wait_for_selector("#run:not([disabled])", timeout=RESULT_MS)
    assert np.array_equal(fused_picture(page, tmp_path / "undone.png"), once)


def opacity(page: playwright.Page) -> float:
    return float(page.locator(".shape path").first.evaluate("path => getComputedStyle(path).fillOpacity"))


def test_words_light_up_the_region_they_made(page, example):
    upload(page, example.visible, example.infrared)
    fuse(page, "make the cones clear")
    page.wait_for_selector(".shape path", state="attached")
    page.mouse.move(0, 0)
    faint = opacity(page)
    page.hover("#reading mark")
    assert opacity(page) > faint
    page.mouse.move(0, 0)
    assert opacity(page) == faint
    page.focus(".regions li")
    assert opacity(page) > faint
    assert page.get_attribute(".shape", "aria-label").startswith("“cones”: highlight, ")


def test_a_running_request_can_be_stopped(page, example):
    upload(page, example.visible, example.infrared)
    page.fill("#instruction textarea", "brighten the trees and darken the road and denoise the sky")
    page.click("#run")
    page.click("#stop:not([disabled])", timeout=RESULT_MS)
    page.wait_for_selector("#run:not([disabled])", timeout=RESULT_MS)
    page.wait_for_selector(".toast-body:has-text('Nothing was changed')")
    assert page.locator("#slider img").count() == 0


def test_a_reload_keeps_the_session(page, example):
    upload(page, example.visible, example.infrared)
    fuse(page, "make the cones clear")
    page.reload()
    page.wait_for_selector("#slider img", timeout=RESULT_MS)
    assert page.input_value("#instruction textarea") == "make the cones clear"
    page.wait_for_selector("#visible img")
    assert page.locator("#history button.thumbnail-item").count() == 1


def test_regions_first_then_compose(page, example):
    upload(page, example.visible, example.infrared)
    page.fill("#instruction textarea", "make the cones clear")
    page.click("#find")
    page.wait_for_selector("#facts:has-text('compose them')", timeout=RESULT_MS)
    page.wait_for_selector(".shape path", state="attached")
    page.click("#region-editor > button")
    page.click("#compose")
    page.wait_for_selector("#undo:not([disabled])", timeout=RESULT_MS)
    page.wait_for_selector("#run:not([disabled])", timeout=RESULT_MS)
    assert "compose them" not in page.inner_text("#facts")


def test_a_shifted_pair_is_aligned_before_it_is_fused(page, example, tmp_path):
    shifted = np.roll(np.asarray(Image.open(example.infrared)), 8, axis=1)
    Image.fromarray(shifted).save(tmp_path / "shifted.png")
    upload(page, example.visible, tmp_path / "shifted.png")
    page.click("#pair-panel > button")
    page.click("#align-pair")
    page.wait_for_selector("#fit-picture img", timeout=RESULT_MS)
    assert abs(float(page.input_value("#shift-right input")) + 8) < 3
    assert "as they came" in page.inner_text("#fit")


@pytest.mark.phone
def test_on_a_phone_everything_fits_and_the_keyboard_is_enough(page):
    page.locator("#examples button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#visible img")
    page.focus("#instruction textarea")
    page.keyboard.press("Enter")
    page.wait_for_selector("#slider img", timeout=RESULT_MS)
    page.wait_for_selector("#run:not([disabled])", timeout=RESULT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.wait_for_selector("#slider img[alt^='The result']")
    unnamed = page.evaluate("Array.from(document.images).filter((image) => !image.alt && image.offsetParent).length")
    assert unnamed == 0
    page.focus("#again")
    assert page.locator("#again").evaluate("button => getComputedStyle(button).outlineStyle") != "none"


def saved_mask(page: playwright.Page, path: Path) -> np.ndarray:
    with page.expect_download() as download:
        page.click("#download-mask")
    download.value.save_as(path)
    return np.asarray(Image.open(path)) > 127


def test_a_painted_region_is_composed_again(page, example, tmp_path):
    upload(page, example.visible, example.infrared)
    fuse(page, "make the cones clear")
    before = saved_mask(page, tmp_path / "before.png")
    page.click("#region-editor > button")
    page.wait_for_selector("#canvas canvas")
    page.wait_for_timeout(3000)
    page.locator("#canvas").scroll_into_view_if_needed()
    box = page.locator("#canvas canvas").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 30, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=12)
    page.mouse.up()
    page.wait_for_timeout(1500)
    page.click("#compose")
    page.wait_for_selector("#undo:not([disabled])", timeout=RESULT_MS)
    page.wait_for_selector("#run:not([disabled])", timeout=RESULT_MS)
    # An open canvas is drawn without end, which a machine without graphics card has no time for.
    page.click("#region-editor > button")
    after = saved_mask(page, tmp_path / "after.png")
    assert not (before & ~after).any(), "what was not erased stays"
    rows, columns = np.nonzero(after & ~before)
    height, width = after.shape
    # The picture lies in the middle of the canvas, and so does the stroke.
    assert abs(rows.mean() / height - 0.5) < 0.05 and abs(columns.mean() / width - 0.5) < 0.05
    assert columns.max() - columns.min() > 3 * (rows.max() - rows.min()) / 2
    assert "read by you" in page.inner_text("#reading")


def test_a_bad_file_gives_one_sentence(page, example, tmp_path):
    bad = tmp_path / "broken.png"
    bad.write_bytes(b"this is no picture")
    page.set_input_files("#visible input[type=file]", str(example.visible))
    page.set_input_files("#infrared input[type=file]", str(bad))
    page.wait_for_timeout(1500)
    page.click("#run")
    message = page.locator(".toast-body").first
    message.wait_for(timeout=RESULT_MS)
    told = message.inner_text()
    assert "broken.png" in told and "Traceback" not in told
    page.wait_for_selector("#run:not([disabled])")


def test_missing_pictures_are_asked_for(page):
    page.click("#run")
    page.wait_for_selector(".toast-body:has-text('Add a visible and an infrared picture')")


def tick_methods(page, wanted: set[str]) -> None:
    """Tick these methods alone, at a person's pace: Gradio forgets a tick that comes before it has drawn the last."""
    deadline = time.monotonic() + RESULT_MS / 1000
    # What is shown must still be so a moment later.
    calm = 0
    while calm < 2:
        assert time.monotonic() < deadline, f"the methods {sorted(wanted)} could not be ticked"
        labels = page.locator("#compare-methods label").all()
        wrong = [one for one in labels if one.locator("input").is_checked() != (one.inner_text().strip() in wanted)]
        calm = 0 if wrong or not labels else calm + 1
        if wrong:
            wrong[0].locator("input").click()
        page.wait_for_timeout(400)


def test_two_methods_are_compared_and_the_sheet_is_saved(page, example, tmp_path):
    upload(page, example.visible, example.infrared)
    page.fill("#instruction textarea", "")
    page.click("#compare > button")
    tick_methods(page, {"Maximum", "Laplacian pyramid"})
    page.click("#compare-run")
    page.wait_for_selector("#compare-results", timeout=RESULT_MS)
    assert page.locator("#compare-grid img").count() == 4
    assert "SSIM ↑" in page.inner_text("#compare-table")

    # One zoom for all, from the keyboard.
    page.locator("#compare-grid .view").nth(2).focus()
    for key in ("+", "+", "ArrowRight"):
        page.keyboard.press(key)
    moved = "[...document.querySelectorAll('#compare-grid img')].map((one) => getComputedStyle(one).transform)"
    transforms = page.evaluate(moved)
    assert len(set(transforms)) == 1 and transforms[0].startswith("matrix(1.5625,")
    page.keyboard.press("0")
    assert set(page.evaluate(moved)) == {"matrix(1, 0, 0, 1, 0, 0)"}

    page.wait_for_selector("#compare-png:not([disabled])", timeout=RESULT_MS)
    with page.expect_download(timeout=RESULT_MS) as download:
        page.click("#compare-png")
    download.value.save_as(tmp_path / "sheet.png")
    sheet = Image.open(tmp_path / "sheet.png")
    # 7.16 inches at 300 dots an inch, with four pictures in a row.
    assert sheet.width == 2148 and 4 * sheet.height > sheet.width * 0.7
