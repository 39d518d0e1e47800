"""A picture on a dashboard's grid of 24 columns, as an SVG that browsers and GitHub show."""

from xml.sax.saxutils import escape

COLUMN, LINE, GAP, HEAD = 46, 26, 6, 40
COLORS = {
    "green": "#56a64b", "orange": "#f2891d", "red": "#e02f44", "blue": "#3274d9", "text": "#24292e", "faint": "#8e8e8e",
    "grid": "#e4e7ea", "panel": "#ffffff", "page": "#f4f5f5",
}
PALETTE = ["#56a64b", "#f2cc0c", "#3274d9", "#f2891d", "#e02f44", "#8f3bb8", "#5195ce", "#b877d9", "#c15c17", "#447ebc"]


def _number(value):
    """To a tenth of a point, which nobody can see, with no digit too many."""
    return f"{value:.1f}".removesuffix(".0")


def _path(points):
    """The way through the points, each told from the one before; those on a level stretch tell nothing."""
    places = [(round(x * 10), round(y * 10)) for x, y in points]
    turns = [
        place for index, place in enumerate(places)
        if not (0 < index < len(places) - 1 and places[index - 1][1] == place[1] == places[index + 1][1])
    ]
    steps = [(x - last_x, y - last_y) for (x, y), (last_x, last_y) in zip(turns[1:], turns)]
    start = " ".join(_number(place / 10) for place in turns[0])
    return f"M{start}" + "".join(
        f"h{_number(x / 10)}" if y == 0 else f"l{_number(x / 10)} {_number(y / 10)}" for x, y in steps).replace(" -", "-")


class Picture:
    """Collects shapes. Places are in points from the upper left corner."""

    def __init__(self, title, lines):
        self.width, self.height = 24 * COLUMN, lines * LINE + HEAD
        self.shapes = []
        self.rectangle(0, 0, self.width, self.height, COLORS["page"])
        self.words(GAP * 2, 26, title, size=18, weight="bold")

    def place(self, grid):
        """The left, top, width and height of a place on the grid."""
        x, y = grid["x"] * COLUMN + GAP / 2, grid["y"] * LINE + HEAD + GAP / 2
        return x, y, grid["w"] * COLUMN - GAP, grid["h"] * LINE - GAP

    def rectangle(self, x, y, width, height, color, opacity=1):
        self.shapes.append(
            f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(max(0, width))}"'
            f' height="{_number(max(0, height))}" fill="{color}"'
            + (f' fill-opacity="{opacity:.2f}"' if opacity < 1 else "") + "/>"
        )

    def cells(self, boxes, color):
        """Many rectangles of one color, each with its opacity behind its left, top, width and height."""
        paths = {}
        for x, y, width, height, opacity in boxes:
            x, y, width, height = (_number(value) for value in (x, y, max(0, width), max(0, height)))
            way = f"M{x} {y}h{width}v{height}h-{width}z"
            paths[f"{opacity:.2f}"] = paths.get(f"{opacity:.2f}", "") + way
        self.shapes += [f'<path d="{way}" fill="{color}" fill-opacity="{share}"/>' for share, way in paths.items()]

    def line(self, points, color, width=1.2):
        self.shapes.append(f'<path d="{_path(points)}" fill="none" stroke="{color}" stroke-width="{width}"/>')

    def area(self, points, color):
        self.shapes.append(f'<path d="{_path(points)}z" fill="{color}" fill-opacity="0.35"/>')

    def words(self, x, y, text, size=11, color=COLORS["text"], anchor="start", weight="normal", room=None):
        """A text, cut where it would be wider than `room`."""
        most = int(room / (size * 0.56)) if room else len(text)
        shown = text if len(text) <= most else text[: max(1, most - 1)] + "…"
        self.shapes.append(
            f'<text x="{_number(x)}" y="{_number(y)}" font-size="{size}" fill="{color}"'
            + (f' text-anchor="{anchor}"' if anchor != "start" else "")
            + (f' font-weight="{weight}"' if weight != "normal" else "") + f">{escape(shown)}</text>"
        )

    def text(self):
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
            ' font-family="Helvetica, Arial, sans-serif">\n' + "\n".join(self.shapes) + "\n</svg>\n"
        )
