"""A web service for one's own model, on this machine only. FastAPI, no Keras. `inkread serve` is a whole one.

pip install fastapi uvicorn
inkread export handwriting_model.keras --to onnx -o my_digits.onnx
INKREAD_MODEL=my_digits.onnx uvicorn --app-dir examples deploy_web:app
curl --data-binary @my_photo.jpg localhost:8000/read
"""

import os

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool

import inkread

MOST = 20_000_000  # bytes of a picture
reader = inkread.Reader("digit", model=os.environ.get("INKREAD_MODEL"))  # loaded once, shared by all threads
app = FastAPI(title="inkread")


@app.post("/read")
async def read(request: Request) -> list[dict]:
    """Read the picture that is the request's body; one object a reading."""
    if int(request.headers.get("content-length", MOST + 1)) > MOST:
        raise HTTPException(413, f"the picture has more than {MOST} bytes, or does not say how many")
    try:
        page = await run_in_threadpool(reader.read, await request.body())
    except inkread.InkreadError as error:
        raise HTTPException(422, str(error)) from error
    return [reading.to_dict() for reading in page]
