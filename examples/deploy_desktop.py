"""A desktop application: draw a digit, or open a picture, and it is read. Tkinter, and no Keras.

sudo apt install python3-tk       # on Debian and Ubuntu; elsewhere Python brings Tkinter
inkread export handwriting_model.keras --to onnx -o my_digits.onnx
python examples/deploy_desktop.py my_digits.onnx     # without a file: the model that ships
"""

import sys

from PIL import Image, ImageDraw

import inkread

SIDE, PEN = 320, 16


def predict(picture: object, model: str = "digits") -> str:
    """Read a picture (a path, or a Pillow image) and say it in a line."""
    try:
        page = inkread.Reader("digit", model=model).read(picture)
    except inkread.InkreadError as error:  # such as a file that is no picture
        return str(error)
    return "   ".join(f"{r.text or '?'} ({100 * r.confidence:.0f} %, {r.status})" for r in page)


def paper(strokes: list[list[float]]) -> Image.Image:
    """What a canvas shows, as a picture: strokes, each x, y, x, y and so on, on a white sheet."""
    sheet = Image.new("L", (SIDE, SIDE), "white")
    for points in strokes:
        ImageDraw.Draw(sheet).line(points, fill="black", width=PEN, joint="curve")
    return sheet


def main(model: str = "digits") -> None:
    """Open the window."""
    import tkinter as tk
    from tkinter.filedialog import askopenfilename

    window = tk.Tk(className="inkread")
    canvas = tk.Canvas(window, width=SIDE, height=SIDE, background="white", cursor="pencil")
    answer = tk.Label(window, text="Draw a digit, or several.", font=("", 16), wraplength=SIDE)

    def draw(x: int, y: int, stroke: int) -> None:
        canvas.coords(stroke, *canvas.coords(stroke), x, y)

    def read(picture: object) -> None:
        answer["text"] = predict(picture, model) if picture else ""

    canvas.bind("<Button-1>", lambda e: canvas.create_line(e.x, e.y, e.x, e.y, width=PEN, capstyle="round"))
    canvas.bind("<B1-Motion>", lambda e: draw(e.x, e.y, canvas.find_all()[-1]))
    canvas.bind("<ButtonRelease-1>", lambda _: read(paper([canvas.coords(s) for s in canvas.find_all()])))
    canvas.pack()
    answer.pack()
    tk.Button(window, text="Clear", command=lambda: canvas.delete("all")).pack(side="left")
    tk.Button(window, text="Open a picture", command=lambda: read(askopenfilename())).pack()
    window.mainloop()


if __name__ == "__main__":
    main(*sys.argv[1:2])
