"""Canary's speech model for any server in Python: needs numpy and onnxruntime, and nothing of Triton."""
