"""Swift source as the lint tools read it: words and signs with their line and the depth of braces, without comments and
without the text of literals. What stands in an interpolation is code like any other."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent

TYPE_KEYWORDS = {"struct", "class", "enum", "actor", "protocol", "typealias"}
VALUE_KEYWORDS = {"func", "let", "var", "case"}


class Token(NamedTuple):
    text: str
    line: int
    # How many braces are open around it.
    depth: int


LEXEME = re.compile(r"\n|[A-Za-z_]\w*|`\w+`|\d\w*|\S")


def tokens(path):
    """The tokens of a file."""
    found = []
    depth = 0
    for text, line in code(Path(path).read_text()):
        for word in LEXEME.findall(text):
            if word == "\n":
                line += 1
                continue
            if word == "}":
                depth -= 1
            found.append(Token(word.strip("`") or word, line, depth))
            if word == "{":
                depth += 1
    return found


def code(text):
    """Pairs of a piece of code and the line it begins on: what is neither comment nor the text of a literal."""
    pieces = []
    position = start = 0
    line = start_line = 1

    def emit(end):
        if end > start:
            pieces.append((text[start:end], start_line))

    def pass_over(end):
        nonlocal position, line
        line += text.count("\n", position, end)
        position = end

    while position < len(text):
        if text.startswith("//", position):
            emit(position)
            end = text.find("\n", position)
            pass_over(len(text) if end < 0 else end)
        elif text.startswith("/*", position):
            emit(position)
            pass_over(text.index("*/", position) + 2)
        elif text[position] == '"' or re.match(r'#+"', text[position:position + 4]):
            emit(position)
            inner, end = literal(text, position)
            for begin, stop in inner:
                shift = line + text.count("\n", position, begin)
                pieces += [(piece, at + shift - 1) for piece, at in code(text[begin:stop])]
            pass_over(end)
        else:
            following = START.search(text, position + 1)
            pass_over(following.start() if following else len(text))
            continue
        start, start_line = position, line
    emit(position)
    return pieces


# Where a comment or a literal may begin.
START = re.compile(r'/[/*]|#*"')


def literal(text, position):
    """The ranges of the interpolations of the literal at a position, and where it ends."""
    pounds = re.match(r"#*", text[position:]).group()
    quotes = '"""' if text.startswith('"""', position + len(pounds)) else '"'
    closing = quotes + pounds
    escape = "\\" + pounds
    at = position + len(pounds) + len(quotes)
    inner = []
    while at < len(text) and not text.startswith(closing, at):
        if text[at] == "\n" and quotes == '"':
            # No literal: a quotation mark in a regular expression.
            return inner, at
        if text.startswith(escape + "(", at):
            begin = at + len(escape) + 1
            at = closing_parenthesis(text, begin)
            inner.append((begin, at))
            at += 1
        elif text.startswith(escape, at):
            at += len(escape) + 1
        else:
            at += 1
    return inner, min(at + len(closing), len(text))


def closing_parenthesis(text, at):
    """Where the parenthesis that was opened before a position is closed."""
    open_ones = 1
    while at < len(text):
        if text[at] == '"':
            at = literal(text, at)[1]
            continue
        open_ones += {"(": 1, ")": -1}.get(text[at], 0)
        if open_ones == 0:
            break
        at += 1
    return at


class Declaration(NamedTuple):
    keyword: str
    name: str
    line: int
    depth: int
    index: int


def declarations(found):
    """What a file declares, at any depth: types, functions, stored and computed values, cases."""
    result = []
    for index, token in enumerate(found[:-1]):
        before = found[index - 1].text if index else ""
        if token.text in TYPE_KEYWORDS or token.text in VALUE_KEYWORDS:
            name = found[index + 1].text
            if before == "." or not re.match(r"[A-Za-z_]\w*$", name) or name in {"func", "var", "let"}:
                continue
            result.append(Declaration(token.text, name, token.line, token.depth, index + 1))
    return result


def files(folder):
    """The Swift files below a folder, in order."""
    return sorted((ROOT / folder).rglob("*.swift"))
