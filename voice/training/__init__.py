"""How the demonstration model in ``voice/model`` is made: sentences, speech, network, export.

Needs the extra ``training`` of pyproject.toml; nothing of the running product imports it.
"""
