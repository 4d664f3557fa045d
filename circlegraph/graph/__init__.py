"""The contact graph of one window, and the rows it is made of."""
