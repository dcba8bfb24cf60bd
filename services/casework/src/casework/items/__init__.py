"""Items (事项): what the public can apply for, the public guide to it, and the eight duties that items belong to."""
