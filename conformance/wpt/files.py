"""Finds the tests of a checkout, and makes of each one text that a shell can evaluate."""

import dataclasses
import html.parser
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
HOST = "web-platform.test"
OTHER_HOST = "not-web-platform.test"
# What the harness itself needs, before anything of the test.
HARNESS = ["/resources/testharness.js"]
NOT_OF_THE_TEST = {"/resources/testharness.js", "/resources/testharnessreport.js",
                   "/resources/testdriver.js", "/resources/testdriver-vendor.js"}
# What the checkout's own server shows under another name.
ALIASES = {"/resources/WebIDLParser.js": "/resources/webidl2/lib/webidl2.js"}
# What needs a document whatever else it does.
DOCUMENT = re.compile(r"\bdocument\b|\bwindow\.open\b|\biframe\b|\bFrame\(|<body")
WORKER = re.compile(r"new (Shared)?Worker\(|\bimportScripts\b|serviceWorker")
IMPORT = re.compile(r"^importScripts\((.*)\);?$", re.MULTILINE)
XHR = re.compile(r"\bXMLHttpRequest\b")
FETCHED = re.compile(r"\bfetch\([\"']([^\"'?]+\.json)[\"']\)")


@dataclasses.dataclass
class Run:
    """One test file with one of its variants."""

    path: str  # below the checkout
    variant: str  # '' or '?…'
    scripts: list  # of texts, and of paths from the root of the checkout
    long: bool
    skip: str  # why it is not played, or ''

    @property
    def name(self):
        return self.path + self.variant


class Site:
    """A checkout, as its server would show it."""

    def __init__(self, checkout, ports):
        self.checkout = checkout
        self.ports = ports
        with open(HERE / "skips.json", encoding="utf-8") as file:
            self.skips = json.load(file)

    def runs(self, place):
        """What lies below a folder, one file, or what a pattern such as `url/*.any.js` matches."""
        start = self.checkout / place
        if "*" in place:
            found = sorted(self.checkout.glob(place))
        else:
            found = [start] if start.is_file() else sorted(start.rglob("*"))
        if not found:
            raise SystemExit(f"failed: no `{place}` in {self.checkout}")
        for file in found:
            path = file.relative_to(self.checkout).as_posix()
            if "/resources/" in path or "/support/" in path or "/handlers/" in path:
                continue
            if path.endswith((".any.js", ".window.js", ".worker.js")):
                yield from self.of_script(path, read(file))
            elif path.endswith(".html"):
                yield from self.of_page(path, read(file))

    def of_script(self, path, text):
        """https://web-platform-tests.org/writing-tests/testharness.html#specifying-test-variants"""
        meta = re.findall(r"^// META: *(\w+)=(.*)$", text, re.MULTILINE)
        scripts = [resolve(path, value.strip()) for key, value in meta if key == "script"]
        variants = [value.strip() for key, value in meta if key == "variant"] or [""]
        scopes = [value.strip() for key, value in meta if key == "global"]
        reason = ""
        if path.endswith(".worker.js"):
            # What a worker imports is what another test includes.
            for call in IMPORT.findall(text):
                scripts += [resolve(path, name) for name in re.findall(r"[\"'](.+?)[\"']", call)]
            text = IMPORT.sub("", text)
        if scopes and not re.search(r"window|worker|shadowrealm|jsshell", scopes[0]):
            reason = "worker"
        if scopes == ["shadowrealm"]:
            reason = "ShadowRealm"
        yield from self.variants(path, variants, scripts + [text], ("timeout", "long") in meta,
                                 reason or self.why_not(text, path.endswith(".window.js")))

    def of_page(self, path, text):
        page = Page(path)
        page.feed(text)
        if not any(script == "/resources/testharness.js" for script in page.scripts):
            return  # A page that a test opens, or a crash test.
        code = "\n".join(script for script in page.scripts if not is_path(script))
        yield from self.variants(path, page.variants or [""], page.scripts, page.long,
                                 self.why_not(code, True))

    def why_not(self, code, has_document):
        # Where a test also runs in workers, a document is not what it needs.
        if has_document and DOCUMENT.search(code):
            return "document"
        if WORKER.search(code):
            return "worker"
        if XHR.search(code):
            return "XMLHttpRequest"
        return ""

    def variants(self, path, variants, scripts, long, reason):
        scripts = [script for script in scripts if script not in NOT_OF_THE_TEST]
        for variant in variants:
            why = reason
            for pattern, stated in self.skips.items():
                if re.search(pattern, path + variant):
                    why = stated
            yield Run(path, variant, scripts, long, why)

    def source(self, run):
        """The harness, what the test includes, and the test."""
        parts = [self.text(script) for script in HARNESS] + ["reportToRunner(self);"]
        # Includes and test are one text, so that the test sees what an include declares by `const`.
        included = [self.text(script) for script in run.scripts if is_path(script)]
        own = "\n;\n".join(self.substituted(script) for script in run.scripts if not is_path(script))
        if re.match(r"(\s|//[^\n]*\n|/\*.*?\*/)*['\"]use strict['\"]", own, re.S):
            own = "(function () {'use strict';\n" + own + "\n}).call(self);"
        parts.append("(0, eval)(" + json.dumps("\n;\n".join(included + [own])) + ");")
        return "\n;\n".join(parts)

    def text(self, path):
        return self.substituted(read(self.checkout / ALIASES.get(path, path).lstrip("/")))

    def substituted(self, text):
        """https://web-platform-tests.org/writing-tests/server-pipes.html#sub"""
        values = {"host": HOST, "domains[www]": "www." + HOST, "hosts[alt][www]": "www." + OTHER_HOST,
                  "hosts[alt][]": OTHER_HOST, "ports[ws][0]": self.ports["ws"],
                  "ports[wss][0]": self.ports["wss"], "ports[h2][0]": self.ports["h2"]}
        return re.sub(r"\{\{([^{}]+)\}\}", lambda match: values.get(match[1], match[0]), text)

    def settings(self, run):
        """What shell.js must know."""
        code = "\n".join(script for script in run.scripts if not is_path(script))
        idl = "/resources/idlharness.js" in run.scripts
        fetched = [resolve(run.path, path) for path in FETCHED.findall(code)]
        if idl:
            fetched += [f"/interfaces/{file.name}"
                        for file in (self.checkout / "interfaces").glob("*.idl")]
        params = {}
        location = "http://%s:%s/%s%s" % (HOST, "8000", run.path, run.variant)
        if re.search(r"/(origin|simple_handshake|wrong_accept_key|set-cookie_http)\b", code):
            params["headers"] = {"Origin": f"http://{HOST}:8000"}
        if "blocked port" in code:
            params["blockPorts"] = True
        if "wpt_flags=h2" in run.variant:
            params["http2"] = True
        return {
            "location": location,
            "params": params or None,
            "hosts": {f"*.{name}": "127.0.0.1" for name in (HOST, OTHER_HOST)}
                     | {name: "127.0.0.1" for name in (HOST, OTHER_HOST)},
            "window": idl,
            "files": {path: read(self.checkout / path.lstrip("/"))
                      for path in fetched if (self.checkout / path.lstrip("/")).exists()},
        }


class Page(html.parser.HTMLParser):
    """The scripts of a page, in order, and what its `meta` elements say."""

    def __init__(self, path):
        super().__init__()
        self.path, self.scripts, self.variants = path, [], []
        self.long, self.inside = False, None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "meta" and attributes.get("name") == "variant":
            self.variants.append(attributes.get("content", ""))
        if tag == "meta" and attributes.get("name") == "timeout":
            self.long = attributes.get("content") == "long"
        if tag == "script" and attributes.get("src"):
            self.scripts.append(resolve(self.path, attributes["src"]))
        elif tag == "script":
            self.inside = []

    def handle_data(self, data):
        if self.inside is not None:
            self.inside.append(data)

    def handle_endtag(self, tag):
        if tag == "script" and self.inside is not None:
            self.scripts.append("\n" + "".join(self.inside))
            self.inside = None


def is_path(script):
    """Whether a script is named rather than written out: texts are many lines."""
    return script.startswith("/") and "\n" not in script


def resolve(page, reference):
    """A reference in the file `page`, as a path from the root of the checkout."""
    reference = reference.split("?")[0]
    if reference.startswith("/"):
        return reference
    parts = page.split("/")[:-1]
    for part in reference.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/" + "/".join(parts)


def read(file):
    """The text of a file, in the encoding that it says it has."""
    content = pathlib.Path(file).read_bytes()
    charset = re.search(rb"<meta charset=[\"']?([\w-]+)", content)
    return content.decode(charset[1].decode() if charset else "utf-8", errors="replace")
