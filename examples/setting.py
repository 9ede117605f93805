"""What the examples share: how long they run, where their figures go, how they look. Nothing about networks.

`--quick` (or INKREAD_QUICK=1) makes each of them a matter of seconds, to see that it runs; its figures then
say nothing. INKREAD_FIGURES names the folder for figures and models; without it they go where you stand.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are saved, no window is opened

QUICK = "--quick" in sys.argv or os.environ.get("INKREAD_QUICK") == "1"
FIGURES = Path(os.environ.get("INKREAD_FIGURES", "."))

INK, BLUE, ORANGE, GREY = "#1c2030", "#0b62b0", "#c8500a", "#8b93a3"


def style() -> None:
    """Set how figures look: quiet axes, one blue, one orange, both told apart by anyone."""
    import matplotlib as mpl

    mpl.rcParams.update(
        {
            "figure.dpi": 150,
            "savefig.bbox": "tight",
            "savefig.pad_inches": 0.12,
            "font.size": 10,
            "text.color": INK,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 11,
            "axes.titlelocation": "left",
            "axes.prop_cycle": mpl.cycler(color=[BLUE, ORANGE]),
            "xtick.color": GREY,
            "ytick.color": GREY,
            "legend.frameon": False,
        }
    )


def save(figure: object, name: str) -> None:
    """Save a figure under a name, and say where it is."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    figure.savefig(FIGURES / name)
    print(f"Figure: {FIGURES / name}")
