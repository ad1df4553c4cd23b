"""Questions over functions: choosing and checking a call, having it approved, running it."""
