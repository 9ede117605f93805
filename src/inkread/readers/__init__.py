"""One file a kind of reading, and the reusable `Reader` over them: a picture in, a `Page` out."""
