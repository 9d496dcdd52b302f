"""What the functions return: the dataclasses of tsir.schema, with what is convenient in Python and in notebooks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tsir import schema


class _Shown:
    """In a notebook, a result is the text that the program prints."""

    text: str

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text)}</pre>"

    def __repr__(self) -> str:
        first = self.text.strip().partition("\n")[0]
        return f"<tsir.{type(self).__name__}: {first}>"


class Dump(_Shown, schema.Dump):
    """What a file contains. If `problem` is not None, it says why the rest of the file cannot be shown."""


class Opt(_Shown, schema.Opt):
    """The graph after passes, and what each of them did."""


class Run(_Shown, schema.Run):
    """The outputs and times of a model."""


class Verify(_Shown, schema.Verify):
    """The verdict on each pass."""

    @property
    def ok(self) -> bool:
        """Whether no pass failed or changed results."""
        return self.exit_code == 0

    @property
    def failures(self) -> list[schema.VerifyPass]:
        return [each for each in self.passes if each.verdict in _FAILURES]

    def _repr_html_(self) -> str:
        return _table(
            ("pass", "results", "max abs", "max rel", "took", "why"),
            (
                (
                    each.use,
                    each.verdict,
                    f"{each.max_absolute:.2g}",
                    f"{each.max_relative:.2g}",
                    f"{1000 * each.seconds:.3g} ms",
                    each.what or each.note,
                )
                for each in self.passes
            ),
        )


_FAILURES = {"differs", "failed", "broken", "timed out", "crashed"}


class Bench(_Shown, schema.Bench):
    """The times of variants of a model, and how they compare."""

    @property
    def variants(self) -> list[schema.BenchVariant]:
        """The variants, those of all points one after the other."""
        return [variant for report in self._reports() for variant in report.variants]

    @property
    def contrasts(self) -> list[schema.BenchContrast]:
        """The comparisons, those of all points one after the other."""
        return [contrast for report in self._reports() for contrast in report.contrasts]

    def _reports(self) -> Sequence[schema.BenchReport | schema.BenchPointReport]:
        if isinstance(self.tsir, schema.BenchReport):
            return [self.tsir]
        return [point.report for point in self.tsir.points if point.report is not None]

    def _repr_html_(self) -> str:
        return _table(
            ("variant", "against", "verdict", "speedup", "interval"),
            (
                (
                    each.name,
                    each.reference,
                    each.verdict,
                    "" if each.speedup is None else f"{each.speedup:.3f}x",
                    # Of the speedup, as the program shows it: the ends change places.
                    f"[{1 / each.high:.3f}, {1 / each.low:.3f}]" if each.low and each.high else "",
                )
                for each in self.contrasts
            ),
        )


class Tune(_Shown, schema.Tune):
    """The candidates, and the best of them."""

    def _repr_html_(self) -> str:
        return _table(
            ("candidate", "state", f"{self.goal}, of that as loaded", "why"),
            (
                (
                    each.name,
                    each.state,
                    "" if each.against_as_loaded is None else f"{each.against_as_loaded.ratio:.3f}",
                    each.detail,
                )
                for each in self.candidates
            ),
        )


class Diff(_Shown, schema.Diff):
    """The differences between two graphs. True if there are any."""

    def __bool__(self) -> bool:
        return self.differ

    def _repr_html_(self) -> str:
        colors = {"+": "#1a7f37", "-": "#cf222e", "~": "#9a6700"}
        lines = []
        for line in self.text.splitlines():
            color = colors.get(line.strip()[:1])
            lines.append(f'<span style="color:{color}">{escape(line)}</span>' if color else escape(line))
        return "<pre>" + "\n".join(lines) + "</pre>"


@dataclass(frozen=True)
class Drawing:
    """A drawing of a graph."""

    content: bytes
    """The file."""
    format: str
    """svg, png, pdf or dot."""
    level: str
    """The level of detail; empty if everything is drawn."""
    finer: str
    """The command for the next finer drawing; empty if there is none."""

    def save(self, path: str | os.PathLike[str]) -> None:
        Path(path).write_bytes(self.content)

    def __repr__(self) -> str:
        return f"<tsir.Drawing: {self.format}, {len(self.content)} bytes>"

    def _repr_svg_(self) -> str | None:
        return self.content.decode("utf-8") if self.format == "svg" else None

    def _repr_png_(self) -> bytes | None:
        return self.content if self.format == "png" else None


@dataclass(frozen=True)
class Report:
    """A page that shows what each pass did."""

    html: str
    """The page."""
    data: schema.Report
    """What it shows."""

    def save(self, path: str | os.PathLike[str]) -> None:
        Path(path).write_text(self.html, encoding="utf-8")

    def __repr__(self) -> str:
        return f"<tsir.Report: {self.data.file}, {len(self.data.passes_run)} passes, {len(self.html)} characters>"

    def _repr_html_(self) -> str:
        # In a frame: the page has styles and script of its own.
        return f'<iframe srcdoc="{escape(self.html)}" style="width:100%;height:40em;border:1px solid #ccc"></iframe>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
