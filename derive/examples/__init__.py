"""Numbers through the chain: Fisher's flowers, gradient descent, and one row worked three ways."""
