"""What each level has accepted of the standing of every office: values behind the indicators."""
