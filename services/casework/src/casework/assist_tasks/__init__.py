"""Charter: tasks with which stations assist the office of their town."""
