"""What the words of a question name and mean; nothing here knows more than a question and the tables."""
