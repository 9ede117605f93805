"""A desktop application: draw a digit, or open a picture, and it is read. Tkinter, and no Keras.

    inkread export handwriting_model.keras --to onnx -o my_digits.onnx
    python examples/deploy_desktop.py my_digits.onnx     # without a file: the model that ships

Tkinter comes with Python (Debian and Ubuntu: `sudo apt install python3-tk`); ONNX Runtime answers in
milliseconds. What is on the canvas is drawn into a Pillow image as well, and that is what is read.
"""

import sys

from PIL import Image, ImageDraw

import inkread

SIDE, PEN = 320, 16


def predict(picture: object, model: str = "digits") -> str:
    """Read a picture (a path, or a Pillow image) and say it in a line."""
    page = inkread.Reader("digit", model=model).read(picture)
    return "   ".join(f"{r.text or '?'} ({100 * r.confidence:.0f} %, {r.status})" for r in page)


class Paper:
    """A white sheet that remembers what was drawn."""

    def __init__(self):
        self.clear()

    def clear(self) -> None:
        """Take a fresh sheet."""
        self.image = Image.new("L", (SIDE, SIDE), 255)

    def stroke(self, old: tuple[int, int], new: tuple[int, int]) -> None:
        """Draw from one point to the next, with a round pen."""
        draw = ImageDraw.Draw(self.image)
        draw.line([old, new], fill=0, width=PEN)
        x, y = new
        draw.ellipse([x - PEN // 2, y - PEN // 2, x + PEN // 2, y + PEN // 2], fill=0)


def main(model: str = "digits") -> None:
    """Open the window."""
    import tkinter as tk
    from tkinter import filedialog

    window, paper, last = tk.Tk(), Paper(), [(0, 0)]
    window.title("inkread")
    canvas = tk.Canvas(window, width=SIDE, height=SIDE, background="white", cursor="pencil")
    said = tk.Label(window, text="Draw a digit, or several.", font=("", 16), wraplength=SIDE)

    def begin(event: tk.Event) -> None:
        last[0] = (event.x, event.y)

    def draw(event: tk.Event) -> None:
        paper.stroke(last[0], (event.x, event.y))
        canvas.create_line(*last[0], event.x, event.y, width=PEN, capstyle="round")
        begin(event)

    def clear() -> None:
        paper.clear()
        canvas.delete("all")

    def read(picture: object) -> None:
        try:
            said["text"] = predict(picture, model)
        except inkread.InkreadError as error:  # such as a file that is no picture
            said["text"] = str(error)

    canvas.bind("<Button-1>", begin)
    canvas.bind("<B1-Motion>", draw)
    canvas.bind("<ButtonRelease-1>", lambda _: read(paper.image))
    canvas.pack()
    said.pack()
    tk.Button(window, text="Clear", command=clear).pack(side="left")
    tk.Button(window, text="Open a picture", command=lambda: read(filedialog.askopenfilename())).pack()
    window.mainloop()


if __name__ == "__main__":
    main(*sys.argv[1:2])
