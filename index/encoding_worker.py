"""The encoding process of ``index.parallel``: texts come in, their vectors go out.

The first message is the pickled specification of the encoder, each further one a pickled list of texts. An answer is
the rows of their vectors as little-endian float32. The process ends when its input ends.
"""

from __future__ import annotations

import pickle

import numpy as np

from corpora.processes import Pipes


def main() -> None:
    """Serve jobs until the input ends."""
    pipes = Pipes()
    jobs = iter(pipes)
    from index.encoders import load_encoder

    encoder = load_encoder(pickle.loads(next(jobs)))
    for message in jobs:
        pipes.send(np.ascontiguousarray(encoder.encode(pickle.loads(message)), "<f4").tobytes())
