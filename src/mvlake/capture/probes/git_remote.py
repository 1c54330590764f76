"""Remote: where a repository was cloned from, read from git's own file, without anybody's password."""

import re

from mvlake.capture.probes.git_head import Repository, small_text

_CONFIG = 1 << 20
_SECTION = re.compile(r'\[\s*([\w.-]+)\s*(?:"((?:[^"\\\n]|\\.)*)")?\s*\]')
_SETTING = re.compile(r"([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/@]*(?:@[^/@]*)*@)?([^?#]*)")
_SHORT = re.compile(r"(?:[^/@:]+(?::[^/@]*)?@)?([^/:@]+:[^?#]*)")
_MAX = 400


def remote_of(repository: Repository, branch: str) -> str:
    """Return the address that the branch follows, else that of `origin`, else the first one; "" where there is none.

    Files that the configuration includes, and addresses that it rewrites, are not followed.
    """
    urls: dict[str, str] = {}
    followed = ""
    for section, name, key, value in _settings(small_text(repository.common / "config", _CONFIG)):
        if section == "remote" and key == "url":
            urls.setdefault(name, value)
        elif section == "branch" and key == "remote" and name == branch:
            followed = value
    for one in (followed, "origin", *urls):
        if one in urls:
            return without_credentials(urls[one])
    return ""


def without_credentials(url: str) -> str:
    """Return an address without user, password, query and fragment: any of them may be a key.

    >>> without_credentials("https://ana:ghp_secret@github.com/team/fraud.git?token=x")
    'https://github.com/team/fraud.git'
    >>> without_credentials("git@github.com:team/fraud.git")
    'github.com:team/fraud.git'
    >>> without_credentials("/srv/git/fraud.git")
    '/srv/git/fraud.git'
    """
    url = url.strip()[:_MAX]
    match = _SCHEME.fullmatch(url) or _SCHEME.match(url)
    if match is not None:
        return f"{match[1]}://{match[2]}"
    match = _SHORT.match(url)
    return match[1] if match is not None else url.partition("?")[0].partition("#")[0]


def _settings(text: str) -> list[tuple[str, str, str, str]]:
    """Return the settings of a configuration file: section, subsection, key, value."""
    found: list[tuple[str, str, str, str]] = []
    section = name = ""
    for line in re.sub(r"\\\r?\n", "", text).splitlines():
        line = line.strip()
        head = _SECTION.match(line)
        if head is not None:
            section, name = head[1].lower(), re.sub(r"\\(.)", r"\1", head[2] or "")
            line = line[head.end() :].strip()
        setting = _SETTING.match(line)
        if setting is not None:
            found.append((section, name, setting[1].lower(), _value(setting[2])))
    return found


def _value(text: str) -> str:
    r"""Return a value without its quotes and remarks; `\"` and `\\` stand for what follows the stroke."""
    told, is_quoted, place = "", False, 0
    while place < len(text):
        letter = text[place]
        if letter == "\\" and place + 1 < len(text):
            place += 1
            told += {"n": "\n", "t": "\t", "b": ""}.get(text[place], text[place])
        elif letter == '"':
            is_quoted = not is_quoted
        elif letter in "#;" and not is_quoted:
            break
        else:
            told += letter
        place += 1
    return told.strip()
