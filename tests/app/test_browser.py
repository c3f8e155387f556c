"""Drives the real page, started as a person starts it, in headless Chromium."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.examples_index import Example, examples

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (requirements-dev.txt)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package chromium)"),
]

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`python app.py` on a free port, working in another folder than the repository's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    with (folder / "log").open("w") as log:
        environment = os.environ | {"GRADIO_SERVER_PORT": str(port), "GRADIO_TEMP_DIR": str(folder / "cache")}
        server = subprocess.Popen([sys.executable, str(ROOT / "app.py")], cwd=folder, env=environment, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_served(url, server)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=20)
    assert "Traceback" not in (folder / "log").read_text()


def _wait_until_served(url: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"The page did not come up (exit code {server.poll()}).")


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: playwright.Browser, address: str) -> Iterator[playwright.Page]:
    """A fresh visitor's page; it must not have called any other host by the end."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url) if request.url.startswith(("http", "ws")) else None)
    page.goto(address)
    page.wait_for_selector("#run")
    yield page
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
    page.wait_for_function("document.querySelector('#plan textarea, #plan input')?.value === 'cones'")
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
    region = page.locator("#plan textarea, #plan input").first
    region.fill("road")
    page.click("#run-plan")
    page.wait_for_selector("#undo:not([disabled])", timeout=RESULT_MS)
    assert "read by you" in page.inner_text("#reading")
    page.click("#undo")
    page.wait_for_selector("#undo[disabled]")
    page.wait_for_function("document.querySelector('#plan textarea, #plan input')?.value === 'cones'")


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
