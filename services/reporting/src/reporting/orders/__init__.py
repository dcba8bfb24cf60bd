"""Orders of supervision (督办): what somebody has to mend until when, and its closure."""
