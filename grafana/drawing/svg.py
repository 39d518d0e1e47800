"""A picture on a dashboard's grid of 24 columns, as an SVG that browsers and GitHub show."""

from xml.sax.saxutils import escape

COLUMN, LINE, GAP, HEAD = 46, 26, 6, 40
COLORS = {
    "green": "#56a64b", "orange": "#f2891d", "red": "#e02f44", "blue": "#3274d9", "text": "#24292e", "faint": "#8e8e8e",
    "grid": "#e4e7ea", "panel": "#ffffff", "page": "#f4f5f5",
}
PALETTE = ["#56a64b", "#f2cc0c", "#3274d9", "#f2891d", "#e02f44", "#8f3bb8", "#5195ce", "#b877d9", "#c15c17", "#447ebc"]


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
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0, width):.1f}" height="{max(0, height):.1f}" fill="{color}"'
            + (f' fill-opacity="{opacity:.2f}"' if opacity < 1 else "") + "/>"
        )

    def line(self, points, color, width=1.2):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.shapes.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"/>')

    def area(self, points, color):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.shapes.append(f'<polygon points="{path}" fill="{color}" fill-opacity="0.35"/>')

    def words(self, x, y, text, size=11, color=COLORS["text"], anchor="start", weight="normal", room=None):
        """A text, cut where it would be wider than `room`."""
        most = int(room / (size * 0.56)) if room else len(text)
        shown = text if len(text) <= most else text[: max(1, most - 1)] + "…"
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" text-anchor="{anchor}"'
            f' font-weight="{weight}">{escape(shown)}</text>'
        )

    def text(self):
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
            ' font-family="Helvetica, Arial, sans-serif">\n' + "\n".join(self.shapes) + "\n</svg>\n"
        )
