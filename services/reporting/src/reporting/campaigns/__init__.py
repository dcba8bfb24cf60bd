"""The 优质文明窗口 campaign: application, scoring, award, withdrawal."""
