"""The transmission chain of documents: who received and forwarded which one when."""
