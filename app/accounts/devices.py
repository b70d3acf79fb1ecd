"""A browser in a few words, out of the line in which it describes itself."""

import re

LONGEST = 500  # characters that are looked at
UNKNOWN = "An unknown device"

# The first that is found: browsers name their ancestors, too.
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Vivaldi", r"\bVivaldi/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"Chrome/|\bCriOS/|\bChromium/"),
    ("Safari", r"\bVersion/.*\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Mac", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)


def device(user_agent: str) -> str:
    """ "Firefox on Windows"; never anything that the line itself says word for word."""
    line = user_agent[:LONGEST]
    browser, system = _first(_BROWSERS, line), _first(_SYSTEMS, line)
    if browser and system:
        return f"{browser} on {system}"
    if browser or system:
        return browser or f"A browser on {system}"
    return UNKNOWN


def _first(known: tuple[tuple[str, str], ...], line: str) -> str:
    return next((words for words, pattern in known if re.search(pattern, line)), "")
