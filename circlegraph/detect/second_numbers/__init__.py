"""Second numbers: which number took over part of a number's circle."""
