"""What two or more services of Jiceng share; nothing in it names a service, except contracts."""
