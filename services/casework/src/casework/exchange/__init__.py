"""Charter: cases in the forms of GB/T 39046 and of Guangdong's exchange tables, out and in."""
