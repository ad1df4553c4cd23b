"""What a program or a result cannot be, judged by the question's words; each check tells the fix."""
