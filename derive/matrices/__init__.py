"""Gradients of a network as products of matrices: each entry is an index line that was proved."""
