"""Token ids in, token ids out: ONNX Runtime session, KV cache, decoding, sampling, grammars.

Names are imported from their modules: this file stays empty so that importing the package costs nothing.
"""
