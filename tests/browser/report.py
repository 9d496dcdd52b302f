"""Uses a report page as a person does, in headless chromium:

    tests/browser/report.py PAGE.html [--screenshots FOLDER] [--frames] [--colours] [--limit MILLISECONDS]

Checks that nothing is requested and nothing is written to the console, that the page can be used by keyboard alone, that
frames close and open, and that boxes can be coloured. Prints how long opening the page and a click take; exit code 1 if
something is wrong. --frames, --colours: the page must have them. --limit: of a click and of opening, for a busy machine.
"""

import argparse
import pathlib
import sys

import chromium

failures = []


def check(what, value, expected):
    if value != expected:
        failures.append(f"{what}: {value!r} instead of {expected!r}")


def keyboard(browser):
    shown = "document.querySelector('section.page.shown').id"
    check("shown at first", browser.evaluate(shown), "overview")
    browser.press("j")
    check("after j", browser.evaluate(shown), browser.evaluate("document.querySelectorAll('nav a')[1].hash.slice(1)"))
    browser.press("k")
    check("after k", browser.evaluate(shown), "overview")
    browser.press("/")
    check("focus after /", browser.evaluate("document.activeElement.getAttribute('aria-label')"), "Filter the passes")
    for key in "zzz":
        browser.press(key)
    check("left by the filter", browser.evaluate("[...document.querySelectorAll('nav a')]"
                                                 ".filter(a => !a.closest('[hidden]')).length"), 0)
    browser.press("Escape")
    check("filter after Escape", browser.evaluate("document.querySelectorAll('nav [hidden]').length"), 0)
    browser.press("?")
    check("help", browser.evaluate("document.querySelector('dialog').open"), True)
    browser.press("Escape")
    check("help after Escape", browser.evaluate("document.querySelector('dialog').open"), False)


def open_first_drawn(browser):
    """Goes to the first pass that changed something. Returns whether there is one with drawings."""
    return browser.evaluate("""(() => {
        const data = JSON.parse(document.getElementById('tsir-data').textContent);
        const index = data.passes_run.findIndex(pass => (pass.before ?? -1) >= 0);
        location.hash = index < 0 ? '#overview' : `#pass-${index + 1}`;
        return new Promise(done => requestAnimationFrame(() => setTimeout(() => done(index >= 0), 50)));
    })()""")


def drawings(browser):
    section = "document.querySelector('section.page.shown')"
    check("drawings side by side", browser.evaluate(f"{section}.querySelectorAll('.pane svg').length"), 2)
    browser.press("n")
    check("a chosen box", browser.evaluate(f"{section}.querySelectorAll('.chosen').length"), 1)
    check("its details", browser.evaluate(f"{section}.querySelector('.info h4').textContent.length > 0"), True)
    browser.press("Escape")
    check("chosen after Escape", browser.evaluate(f"{section}.querySelectorAll('.chosen').length"), 0)
    browser.press("s")
    for key in "output":
        browser.press(key)
    check("boxes that are found", browser.evaluate(f"{section}.querySelectorAll('.hit').length >= 2"), True)
    browser.press("Enter")
    check("a partner lights up", browser.evaluate(f"{section}.querySelectorAll('.partner').length"), 1)
    browser.press("Escape")
    before = browser.evaluate(f"{section}.querySelector('.pane svg > g').getAttribute('transform')")
    browser.press("+")
    both = [browser.evaluate(f"{section}.querySelectorAll('.pane svg > g')[{i}].getAttribute('transform')")
            for i in (0, 1)]
    check("zoom moves the first", both[0] != before, True)
    check("both have one scale", both[0].split("scale")[1], both[1].split("scale")[1])
    frames(browser, section)
    colours(browser, section)
    milliseconds = browser.evaluate(f"""(() => {{
        const times = [0, 1, 2, 1, 0].map(index => {{
            const node = {section}.querySelectorAll('.pane .n')[index], start = performance.now();
            node.dispatchEvent(new MouseEvent('click', {{bubbles: true}}));
            {section}.getBoundingClientRect();
            return performance.now() - start;
        }});
        return times.sort((a, b) => a - b)[2];
    }})()""")
    check("chosen by a click", browser.evaluate(f"{section}.querySelectorAll('.chosen').length"), 1)
    nodes = browser.evaluate(f"{section}.querySelectorAll('.pane .n').length")
    print(f"a click took {milliseconds:.0f} ms, with {nodes} boxes")  # on an idle machine less than 100
    if milliseconds > options.limit:
        failures.append(f"a click took {milliseconds:.0f} ms")
    browser.press("t")
    check("tab after t", browser.evaluate(f"{section}.dataset.tab"), "texts")
    check("the diff is shown", browser.evaluate(f"{section}.querySelector('.texts').offsetHeight > 0"), True)
    browser.press("t")
    browser.press("t")
    check("tab after t, t, t", browser.evaluate(f"{section}.dataset.tab"), "drawings")


def frames(browser, section):
    """Closes a frame by its title, opens it again, then all of them by a key."""
    count = browser.evaluate(f"{section}.querySelectorAll('.pane .c[data-c]').length")
    check("frames", count > 0, options.frames or count > 0)
    if not count:
        return
    click = "dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    hidden = f"{section}.querySelectorAll('.pane .n.hidden').length"
    closed = f"{section}.querySelectorAll('.pane .c.closed').length"
    browser.evaluate(f"{section}.querySelector('.pane .c[data-c] text').{click}")
    check("boxes of a closed frame", browser.evaluate(f"{hidden} > 0"), True)
    check("closed frames", browser.evaluate(f"{closed} > 0"), True)
    check("its title", browser.evaluate(f"{section}.querySelector('.c.closed text').textContent.startsWith('▸')"), True)
    check("its details", browser.evaluate(f"{section}.querySelector('.info h4').textContent.length > 0"), True)
    browser.evaluate(f"{section}.querySelector('.pane .c.closed').{click}")
    check("closed frames after opening", browser.evaluate(closed), 0)
    check("boxes that stay hidden", browser.evaluate(hidden), 0)
    browser.press("c")
    check("all frames closed by c", browser.evaluate(f"{closed} > 0"), True)
    if options.screenshots:
        browser.screenshot(options.screenshots / f"{options.page.stem}-closed.png")
    browser.press("c")
    check("all frames opened by c", browser.evaluate(closed), 0)
    browser.press("Escape")


def colours(browser, section):
    names = browser.evaluate(f"[...({section}.querySelector('.viewer select')?.options || [])].map(o => o.value)")
    check("colours", len(names) > 0, options.colours or len(names) > 0)
    choose = "(name => {{ const s = {0}.querySelector('.viewer select'); s.value = name; " \
             "s.dispatchEvent(new Event('change')); }})".format(section)
    for name in names:
        browser.evaluate(f"{choose}('{name}')")
        check(f"the hottest boxes by {name or 'kind'}",
              browser.evaluate(f"{section}.querySelectorAll('.pane .h4').length > 0"), name != "")
        check("steps of the scale", browser.evaluate(f"{section}.querySelectorAll('.key i').length"), 5 if name else 0)
        if options.screenshots and name:
            browser.screenshot(options.screenshots / f"{options.page.stem}-{options.scheme}-{name}.png")
            contrast(browser)
    if names:
        browser.evaluate(f"{choose}('')")


def contrast(browser):
    """Ratios below 4.5 between texts and what is behind them."""
    low = browser.evaluate("""(() => {
        const numbers = color => color.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = element => {
            for (let e = element; e; e = e.parentElement) {
                const color = numbers(getComputedStyle(e).backgroundColor);
                if (color.length < 4 || color[3] > 0) return color;
            }
            return [255, 255, 255];
        };
        const low = new Set();
        for (const element of document.querySelectorAll('body *:not(svg *)')) {
            const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
            if (!own || !element.offsetParent) continue;
            const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
        }
        return [...low];
    })()""")
    check("low contrast", low, [])


def main():
    global options
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--frames", action="store_true")
    parser.add_argument("--colours", action="store_true")
    parser.add_argument("--limit", type=float, default=10_000)
    options = parser.parse_args()
    browser = chromium.Browser()
    try:
        browser.open(options.page.resolve().as_uri())
        milliseconds = browser.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
        print(f"opening took {milliseconds:.0f} ms, {options.page.stat().st_size / 1e6:.2f} MB")
        if milliseconds > options.limit:
            failures.append(f"opening took {milliseconds:.0f} ms")
        keyboard(browser)
        for scheme in ("light", "dark"):
            browser.scheme(scheme)
            options.scheme = scheme
            browser.evaluate("location.hash = '#overview'")
            browser.press("Escape")
            contrast(browser)
            if options.screenshots:
                browser.screenshot(options.screenshots / f"{options.page.stem}-{scheme}-overview.png")
            if open_first_drawn(browser):
                drawings(browser)
                contrast(browser)
                if options.screenshots:
                    browser.screenshot(options.screenshots / f"{options.page.stem}-{scheme}-pass.png")
        failures.extend(browser.complaints())
    finally:
        browser.close()
    print("\n".join(failures) or "the page works")
    sys.exit(1 if failures else 0)


main()
