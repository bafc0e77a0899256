"""The compiled scanner: numba kernels that read a file segment by segment, and what drives them."""
