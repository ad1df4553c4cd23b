"""Messages to token ids and back: chat template, streaming text, the model as the agent sees it.

Knows nothing of tools, data or notebooks.
"""
