"""Charter: applications of several items at once (一件事): one form, one receipt, one view of due dates, many cases."""
