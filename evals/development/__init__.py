"""Questions that any change may look at: what they show says nothing about the unseen third."""
