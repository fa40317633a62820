"""The suggestion corpus: passages of textbooks, syllabi and expression banks that show how others teach something."""
