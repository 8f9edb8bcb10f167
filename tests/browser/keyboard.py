"""Moving through a page by keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

FOCUS = """
() => {
  const part = document.activeElement;
  if (!part || part === document.body) return null;
  const outlined = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  // A field may leave its outline to the box that it stands in.
  let shown = outlined(part);
  for (let box = part.parentElement; box && !shown; box = box.parentElement)
    shown = box.matches(":focus-within") && outlined(box);
  const place = part.getBoundingClientRect();
  window.stops ??= new Map();
  if (!window.stops.has(part)) window.stops.set(part, window.stops.size);
  return {
    number: window.stops.get(part),
    name: (part.getAttribute("aria-label") ?? part.innerText ?? part.name ?? "").trim().slice(0, 60),
    html: part.outerHTML.slice(0, 120),
    shown,
    inView: place.bottom > 0 && place.top < window.innerHeight && place.right > 0 && place.left < window.innerWidth,
    inMain: Boolean(part.closest("main")),
    inFooter: Boolean(part.closest("footer.site-foot")),
  };
}
"""
"""Script that says where the focus is, and whether a reader sees it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where the focus stops.

    Attributes:
        number: Which place it is, in the order in which they were reached first.
        name: What it is called.
        html: The beginning of its markup.
        shown: Whether an outline marks it.
        inView: Whether it is in the window.
        inMain: Whether it is in the main part of the page.
        inFooter: Whether it is in the foot of the page.
    """

    number: int
    name: str
    html: str
    shown: bool
    inView: bool  # noqa: N815 - as the script names it
    inMain: bool  # noqa: N815
    inFooter: bool  # noqa: N815


def focus(page: Page) -> Stop | None:
    """Return where the focus is; ``None`` where it is on no part of the page."""
    found = page.evaluate(FOCUS)
    return None if found is None else Stop(**found)


def walk(page: Page, most: int) -> list[Stop]:
    """Press Tab from the beginning of a page until the focus leaves it.

    Raises:
        AssertionError: It stays in one place, or has not left after ``most`` presses.
    """
    stops: list[Stop] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = focus(page)
        if stop is None or (stops and stop.number == 0):
            return stops
        assert not stops or stop.number != stops[-1].number, f"trapped in {stop.html}"
        stops.append(stop)
    raise AssertionError(f"still on the page after {most} presses, in {stops[-1].html}")


def tab_to(page: Page, name: str, most: int = 80) -> Stop:
    """Press Tab until the focus is on the part with a name.

    Raises:
        AssertionError: It does not come there.
    """
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = focus(page)
        if stop is not None and stop.name == name:
            return stop
    raise AssertionError(f"Tab does not lead to {name!r} within {most} presses")
