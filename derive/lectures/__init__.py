"""Lectures: whole documents, told from proofs, numbers and figures."""
